#include <atomic>
#include <gtest/gtest.h>
#include <mutex>
#include <set>

#include "common/http/server.h"
#include "services/notification/chain_step.h"
#include "services/notification/message.h"
#include "services/notification/reactor.h"
#include "services/notification/store.h"
#include "services/notification/webhook.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"
#include "tests/support/recorded_effects.h"
#include "tests/support/rides.h"
#include "tests/support/service_database.h"

namespace hailstorm::notification {
namespace {

using testing::event;
using testing::ride;

const events::RideMatched kMatched{"a", "rider-a", "driver-7", 1'396'310'500'000,
                                   1'396'311'000'000};
const events::PaymentAuthorized kAuthorized{"a", "rider-a", "hold-1", 1'205};

class NotificationTest : public ::testing::Test {
 protected:
  Status sees(const events::Payload& payload) {
    return reactor_.react(event(payload), *db_, effects_);
  }

  testing::ServiceDatabase db_{migrations()};
  testing::RecordedEffects effects_;
  testing::FakeClock clock_;
  NotificationReactor reactor_{clock_};
};

TEST(MessageTest, SaysWhatARiderWantsToKnow) {
  EXPECT_EQ(render(event(kMatched)).body,
            "Driver driver-7 picks you up at 2014-04-01T00:01:40.000Z.");
  EXPECT_EQ(render(event(kAuthorized)).body, "12.05 are held on your card for this ride.");
  EXPECT_EQ(render(event(kAuthorized)).recipient, "rider-a");
  EXPECT_EQ(render(event(kAuthorized)).kind, "payment_authorized");
}

TEST_F(NotificationTest, EveryEventIsOneMessage) {
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(sees(kMatched));
  ASSERT_OK(sees(kAuthorized));
  EXPECT_EQ(db_.number("SELECT count(*) FROM messages WHERE lane='log' AND ride_id='a'"), 3);
  EXPECT_EQ(db_.number("SELECT count(DISTINCT kind) FROM messages"), 3);
}

TEST_F(NotificationTest, TheCoupledLaneSendsAllAtOnceAndKeepsThem) {
  NotificationStep step(clock_);
  service::ChainRide down{ride("a"), kMatched, kAuthorized};
  ASSERT_OK(step.apply(down, *db_));
  ASSERT_OK(step.undo(down, *db_));
  EXPECT_EQ(db_.number("SELECT count(*) FROM messages WHERE lane='chain'"), 3);
}

/// A webhook's other side: refuses the first deliveries, then takes all.
class Receiver {
 public:
  explicit Receiver(int refusals) : refusals_left_(refusals), server_({}) {
    server_.route("POST", "/messages", [this](const http::Request& request) {
      if (refusals_left_.fetch_sub(1) > 0) return http::problem(503, "not now");
      const std::lock_guard lock(mutex_);
      keys_.push_back(request.header("Idempotency-Key").value_or(""));
      changed_.notify_all();
      return http::Response{};
    });
    HAIL_CHECK(server_.start().ok());
  }
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/messages";
  }
  std::vector<std::string> wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return keys_.size() >= count; });
    return keys_;
  }

 private:
  std::atomic<int> refusals_left_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> keys_;
  http::Server server_;
};

TEST_F(NotificationTest, TheWebhookGetsEveryMessageInOrderAlsoAfterRefusals) {
  Receiver receiver(2);
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(sees(kMatched));
  const auto webhook = Webhook::make(receiver.url(), db_.path()).value();
  webhook->start();
  ASSERT_OK(sees(kAuthorized));
  EXPECT_EQ(receiver.wait_for(3),
            (std::vector<std::string>{"log/a/ride_requested", "log/a/ride_matched",
                                      "log/a/payment_authorized"}));
}

TEST_F(NotificationTest, TheWebhookGoesOnWhereItWas) {
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(sees(kMatched));
  ASSERT_OK(set_delivered(*db_, 1));
  Receiver receiver(0);
  const auto webhook = Webhook::make(receiver.url(), db_.path()).value();
  EXPECT_TRUE(webhook->run_once());
  EXPECT_EQ(receiver.wait_for(1), (std::vector<std::string>{"log/a/ride_matched"}));
}

}  // namespace
}  // namespace hailstorm::notification

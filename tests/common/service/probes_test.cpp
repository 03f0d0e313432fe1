#include "common/service/probes.h"

#include <gtest/gtest.h>

#include "common/http/client.h"
#include "tests/support/matchers.h"

namespace hailstorm::service {
namespace {

class ProbesTest : public ::testing::Test {
 protected:
  void serve(bool needs_the_log) {
    const OutboxProbe outbox{[] { return Result<int64_t>(0); },
                             [this] { return Result<SetAside>(set_aside_); },
                             [this] { return held_; }};
    add_probes(server_, "payment", health_, metrics_, outbox, needs_the_log);
    ASSERT_OK(server_.start());
  }
  http::Response ready() {
    auto answer = http::Client({"127.0.0.1", server_.port()}, 10'000).get("/readyz");
    EXPECT_OK(answer);
    return answer.ok() ? std::move(answer).value() : http::Response{};
  }

  std::vector<log::ClosedPartition> held_;
  SetAside set_aside_;
  Health health_;
  Metrics metrics_;
  http::Server server_{http::ServerOptions{}};
};

TEST_F(ProbesTest, AServiceWhoseTopicIsGoneIsNotReadyAndSaysWhich) {
  serve(true);
  health_.in_group = true;
  EXPECT_EQ(ready().status, 200);
  health_.log_trouble.set_missing_topics({"ride_matched"});
  EXPECT_EQ(ready().status, 503);
  EXPECT_NE(ready().body.find("'ride_matched' does not exist"), std::string::npos) << ready().body;
  health_.log_trouble.set_missing_topics({});
  EXPECT_EQ(ready().status, 200);
}

TEST_F(ProbesTest, EveryReasonIsGivenAtOnceUntilItIsCleared) {
  serve(true);
  health_.in_group = true;
  health_.readiness.set(Reason::store, "the store takes no writes");
  health_.readiness.set(Reason::outbox, "the outbox has not moved");
  bool is_full = true;
  health_.readiness.add_check([&] { return std::string(is_full ? "the chain is full" : ""); });
  EXPECT_EQ(ready().status, 503);
  EXPECT_NE(ready().body.find("the outbox has not moved; the store takes no writes; the chain is "
                              "full"),
            std::string::npos)
      << ready().body;
  is_full = false;
  health_.readiness.clear(Reason::outbox);
  EXPECT_NE(ready().body.find("\"the store takes no writes\""), std::string::npos);
  health_.readiness.clear(Reason::store);
  EXPECT_EQ(ready().status, 200);
}

TEST_F(ProbesTest, AServiceThatWorksWithoutTheLogNeedsItsTopicsAllTheSame) {
  serve(false);
  EXPECT_EQ(ready().status, 200);
  health_.log_trouble.set_missing_topics({"ride_matched"});
  EXPECT_EQ(ready().status, 503);
}

// Invariant 58: what was set aside is said, and is no reason to send riders away.
TEST_F(ProbesTest, AServiceThatSetEventsAsideIsReadyAndSaysSoEverywhere) {
  set_aside_ = {3, {{7, "ride_matched", 2, "rider", "a batch of 5 MB is too large", 0}}};
  serve(false);
  EXPECT_EQ(ready().status, 200);
  EXPECT_NE(ready().body.find("3 of this service's events could not be published"),
            std::string::npos)
      << ready().body;
  http::Client client({"127.0.0.1", server_.port()}, 10'000);
  const auto status = client.get("/status")->body;
  EXPECT_NE(status.find("\"set_aside\":3"), std::string::npos) << status;
  EXPECT_NE(status.find("too large"), std::string::npos) << status;
  const auto metrics = client.get("/metrics")->body;
  EXPECT_NE(metrics.find("hailstorm_outbox_set_aside_rows 3"), std::string::npos) << metrics;
}

TEST_F(ProbesTest, AServiceWhoseEventsWaitForAPartitionIsNotReadyAndSaysWhy) {
  serve(true);
  health_.in_group = true;
  held_ = {{{"ride_matched", 2}, "partition ride_matched-2 is closed: damage"}};
  EXPECT_EQ(ready().status, 503);
  EXPECT_NE(ready().body.find("ride_matched-2 wait in its outbox"), std::string::npos)
      << ready().body;
}

}  // namespace
}  // namespace hailstorm::service

#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/log/hailstorm/admin.h"
#include "common/wire/codec.h"
#include "tests/common/log/batches.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"

namespace hailstorm::log::hail {
namespace {

using hailstorm::testing::FakeClock;

/// A broker that knows no request: it answers as all versions do.
class OldBroker final : public Connection {
 public:
  explicit OldBroker(FakeClock& clock) : clock_(clock) {}

  [[nodiscard]] bool connected() const override { return true; }
  void send(std::vector<uint8_t> head, SharedBytes /*data*/) override {
    const auto header = wire::peek_header(head);
    const wire::OutcomeOnly reply{
        {wire::ErrorCode::invalid_request, wire::unknown_api_text(header->api)}};
    answers_.push_back({frame_of(wire::encode(*header, reply)), {}});
  }
  [[nodiscard]] Event next(Message& message) override {
    if (answers_.empty()) return Event::nothing;
    message = std::move(answers_.front());
    answers_.pop_front();
    return Event::message;
  }
  void poll(int64_t timeout_ms) override { clock_.advance_ms(timeout_ms); }
  void reset() override {}
  void wake() override {}

 private:
  FakeClock& clock_;
  std::deque<Message> answers_;
};

class OldBrokerTransport final : public Transport {
 public:
  explicit OldBrokerTransport(FakeClock& clock) : clock_(clock) {}

  [[nodiscard]] std::unique_ptr<Connection> connect() override {
    return std::make_unique<OldBroker>(clock_);
  }
  [[nodiscard]] std::string broker_address() const override { return "an old broker"; }

 private:
  FakeClock& clock_;
};

TEST(OldBrokerTest, ThatCannotMoveALiveGroupIsNamedAsTheCause) {
  FakeClock clock;
  OldBrokerTransport transport(clock);
  const Environment environment{transport, clock, {}};
  HailstormAdmin admin(environment, 1'000);
  const auto rewound = admin.rewind_group("payment", {{{"rides", 0}, 5, {}}});
  EXPECT_FAILS_WITH(rewound, LogErrc::refused);
  EXPECT_THAT(rewound.error().message(), ::testing::HasSubstr("older version"));
}

}  // namespace
}  // namespace hailstorm::log::hail

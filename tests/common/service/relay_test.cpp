#include "common/service/relay.h"

#include <gtest/gtest.h>

#include "tests/common/service/scripted_log.h"
#include "tests/common/service/service_fixture.h"

namespace hailstorm::service {
namespace {

class RelayTest : public ServiceFixture {
 protected:
  void publish(const std::string& value) {
    ASSERT_OK(writer_.submit([&](store::Database& db) {
      return Outbox(db).publish("t", log::Record{std::nullopt, value, {}, -1});
    }));
  }
  std::unique_ptr<Relay> start_relay() {
    auto relay = std::make_unique<Relay>(log_, open(), path("relay.lock"), writer_, metrics_);
    relay->start();
    return relay;
  }

  Metrics metrics_;
  ScriptedLog log_;
  Writer writer_{open(), {}, metrics_};
};

TEST_F(RelayTest, PublishesInOrderAndEmptiesTheOutbox) {
  for (const char* value : {"1", "2", "3"}) publish(value);
  auto relay = start_relay();
  EXPECT_EQ(log_.wait_for(3), (std::vector<std::string>{"t:1", "t:2", "t:3"}));
  relay->stop(5000);
  EXPECT_EQ(rows_of("outbox"), 0);
}

TEST_F(RelayTest, WhatTheLogDidNotTakeIsSentAgain) {
  log_.fail_next(2);
  for (const char* value : {"1", "2", "3"}) publish(value);
  auto relay = start_relay();
  // The third may come twice: sent behind the failing ones, and once more after them.
  const auto taken = log_.wait_for(4);
  EXPECT_EQ(taken, (std::vector<std::string>{"t:3", "t:1", "t:2", "t:3"}));
  relay->stop(5000);
  EXPECT_EQ(rows_of("outbox"), 0);
}

TEST_F(RelayTest, RowsThatComeLaterAreFoundWithoutAWord) {
  auto relay = start_relay();
  publish("late");
  EXPECT_EQ(log_.wait_for(1), std::vector<std::string>{"t:late"});
}

TEST_F(RelayTest, TheNextHolderTakesOverWhenTheFirstIsGone) {
  auto first = start_relay();
  publish("1");
  (void)log_.wait_for(1);
  auto second = start_relay();
  first.reset();
  publish("2");
  EXPECT_EQ(log_.wait_for(2).back(), "t:2");
}

}  // namespace
}  // namespace hailstorm::service

#include "common/service/relay.h"

#include <gtest/gtest.h>

#include "common/base/clock.h"
#include "tests/common/service/scripted_log.h"
#include "tests/common/service/service_fixture.h"
#include "tests/support/await.h"

namespace hailstorm::service {
namespace {

class RelayTest : public ServiceFixture {
 protected:
  RelayTest() { writer_.start(); }
  void publish(const std::string& value, std::optional<std::string> key = std::nullopt) {
    ASSERT_OK(writer_.submit([&](store::Database& db) {
      return Outbox(db).publish("t", log::Record{std::move(key), value, {}, -1});
    }));
  }
  /// As publish(), many at once; the values are their numbers.
  void publish_many(int count, const std::string& key) {
    ASSERT_OK(writer_.submit([&](store::Database& db) -> Status {
      Outbox outbox(db);
      for (int i = 0; i < count; ++i) {
        const auto value = std::to_string(i);
        HAIL_RETURN_IF_ERROR(outbox.publish("t", log::Record{key, value, {}, -1}));
      }
      return {};
    }));
  }
  static Error closed() { return {log::LogErrc::storage_error, "partition t-0 is closed: damage"}; }
  std::unique_ptr<Relay> start_relay() {
    auto relay =
        std::make_unique<Relay>(log_, open(), path("relay.lock"), writer_, metrics_, clock_);
    relay->start();
    return relay;
  }

  Metrics metrics_;
  ScriptedLog log_;
  Writer writer_{open(), {}, metrics_, clock_};
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
  EXPECT_EQ(log_.wait_for(3), (std::vector<std::string>{"t:1", "t:2", "t:3"}));
  relay->stop(5000);
  EXPECT_EQ(rows_of("outbox"), 0);
}

TEST_F(RelayTest, RowsThatComeLaterAreFoundWithoutAWake) {
  auto relay = start_relay();
  publish("late");
  EXPECT_EQ(log_.wait_for(1), std::vector<std::string>{"t:late"});
}

TEST_F(RelayTest, ASecondInstanceRelaysWhenTheFirstIsGone) {
  auto first = start_relay();
  publish("1");
  (void)log_.wait_for(1);
  auto second = start_relay();
  first.reset();
  publish("2");
  EXPECT_EQ(log_.wait_for(2).back(), "t:2");
}

// Invariant 58.
TEST_F(RelayTest, WhatTheLogRefusesForGoodIsSetAsideByNameAndTheOthersGoOn) {
  log_.answer_with({"t", 3}, Error(log::LogErrc::refused, "too large for t-3"));
  publish("1", "0");
  publish("bad", "3 the key");
  publish("2", "0");
  auto relay = start_relay();
  EXPECT_EQ(log_.wait_for(2), (std::vector<std::string>{"t:1", "t:2"}));
  ASSERT_TRUE(testing::await([&] { return rows_of("outbox") == 0; }));
  const auto aside = read_set_aside(*db_);
  ASSERT_OK(aside);
  EXPECT_EQ(aside->count, 1);
  EXPECT_EQ(aside->first.at(0).topic, "t");
  EXPECT_EQ(aside->first.at(0).partition, 3);
  EXPECT_EQ(aside->first.at(0).key, "3 the key");
  EXPECT_EQ(aside->first.at(0).error, "too large for t-3");
  EXPECT_GT(aside->first.at(0).set_aside_at_ms, 0);
  EXPECT_NE(metrics_.render().find("hailstorm_outbox_set_aside_total 1"), std::string::npos);
  publish("3", "3");  // refused too, though its partition's first one was
  ASSERT_TRUE(testing::await([&] { return rows_of("set_aside") == 2; }));
}

// Invariant 58: the next start tries again, so nothing that was set aside is lost.
TEST_F(RelayTest, WhatWasSetAsideIsSentAgainAtTheNextStartInItsOrder) {
  log_.answer_with({"t", 3}, Error(log::LogErrc::refused, "too large for t-3"));
  for (const char* value : {"1", "2", "3"}) publish(value, "3");
  auto relay = start_relay();
  ASSERT_TRUE(testing::await([&] { return rows_of("set_aside") == 3; }));
  relay.reset();
  log_.answer_with({"t", 3}, std::nullopt);
  relay = start_relay();
  EXPECT_EQ(log_.wait_for(3), (std::vector<std::string>{"t:1", "t:2", "t:3"}));
  relay->stop(5000);
  EXPECT_EQ(rows_of("set_aside") + rows_of("outbox"), 0);
}

// Invariant 58: more rows than the relay ever has under way.
TEST_F(RelayTest, RowsOfAClosedPartitionHoldNoOthersUpAndGoInOrderWhenItOpens) {
  constexpr int kRows = 9'000;
  log_.answer_with({"t", 0}, closed());
  publish_many(kRows, "0");
  publish("other", "1");
  auto relay = start_relay();
  EXPECT_EQ(log_.wait_for(1), std::vector<std::string>{"t:other"});
  publish("another", "1");
  EXPECT_EQ(log_.wait_for(2).back(), "t:another");
  ASSERT_TRUE(testing::await([&] { return rows_of("outbox") == kRows; }));
  ASSERT_EQ(relay->held().size(), 1U);
  EXPECT_EQ(relay->held().at(0).id, (log::TopicPartition{"t", 0}));
  EXPECT_EQ(relay->held().at(0).why, closed().message());
  publish_many(10, "0");

  log_.answer_with({"t", 0}, std::nullopt);
  auto taken = log_.wait_for(kRows + 12);
  ASSERT_EQ(taken.size(), size_t{kRows} + 12);
  taken.erase(taken.begin(), taken.begin() + 2);
  for (size_t i = 0; i < taken.size(); ++i)
    ASSERT_EQ(taken[i], "t:" + std::to_string(i < kRows ? i : i - kRows)) << i;
  ASSERT_TRUE(testing::await([&] { return relay->held().empty(); }));
  relay->stop(5000);
  EXPECT_EQ(rows_of("outbox"), 0);
}

TEST_F(RelayTest, RowsOfATopicThatIsNotThereWaitForIt) {
  log_.answer_with({"t", 0}, Error(log::LogErrc::unknown_topic, "topic 't' does not exist"));
  publish("1", "0");
  auto relay = start_relay();
  ASSERT_TRUE(testing::await([&] { return !relay->held().empty(); }));
  publish("2", "1");
  ASSERT_OK(writer_.submit([&](store::Database& db) {
    return Outbox(db).publish("other", log::Record{"0", "3", {}, -1});
  }));
  EXPECT_EQ(log_.wait_for(1), std::vector<std::string>{"other:3"});
  EXPECT_EQ(relay->held().at(0).id.partition, HeldRows::kWholeTopic);
  log_.answer_with({"t", 0}, std::nullopt);
  EXPECT_EQ(log_.wait_for(3), (std::vector<std::string>{"other:3", "t:1", "t:2"}));
}

// What waits for a partition is no reason to hold up the stop.
TEST_F(RelayTest, AStopDoesNotWaitForAClosedPartition) {
  log_.answer_with({"t", 0}, closed());
  publish("1", "0");
  publish("2", "1");
  auto relay = start_relay();
  (void)log_.wait_for(1);
  const int64_t began_ms = SystemClock().steady_ms();
  relay->stop(60'000);
  EXPECT_LT(SystemClock().steady_ms() - began_ms, 30'000);
  EXPECT_EQ(rows_of("outbox"), 1);
}

}  // namespace
}  // namespace hailstorm::service

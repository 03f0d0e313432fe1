#include "tests/common/log/log_fixture.h"

namespace hailstorm::log {
namespace {

class ConsumerContractTest : public LogFixture {
 protected:
  ConsumerContractTest() { topic("rides", 1); }
};

// Invariant 32: in assign mode nothing is passed over and nothing comes twice, whatever the poll.
// An option that makes no sense is refused by its name, and nothing spins.
TEST_F(ConsumerContractTest, OptionsThatMakeNoSenseAreRefused) {
  const auto refused = [&](const ConsumerOptions& options, const std::string& name) {
    const auto polled = engine_->make_consumer(options)->poll(10);
    ASSERT_FALSE(polled.ok()) << name;
    EXPECT_TRUE(polled.error().is(LogErrc::refused)) << name;
    EXPECT_NE(polled.error().message().find(name), std::string::npos) << polled.error().message();
  };
  ConsumerOptions options;
  for (const int32_t records : {0, -1}) {
    options.max_poll_records = records;
    refused(options, "max_poll_records");
  }
  options = {};
  options.max_wait_ms = -1;
  refused(options, "max_wait_ms");
  options = {};
  options.session_timeout_ms = -1;
  refused(options, "session_timeout_ms");
  options = {};
  options.max_poll_interval_ms = 0;
  refused(options, "max_poll_interval_ms");
}

TEST_F(ConsumerContractTest, PollsGoOnWhereTheLastOneEnded) {
  std::vector<std::string> sent;
  for (int i = 0; i < 1'000; ++i) sent.push_back(std::to_string(i));
  produce(sent);
  ConsumerOptions options;
  options.max_poll_records = 7;
  const auto consumer = engine_->make_consumer(options);
  consumer->assign({{{"rides", 0}, 0}});
  int64_t next = 0;
  ASSERT_TRUE(await([&] {
    const auto polled = consumer->poll(20'000);
    EXPECT_OK(polled);
    EXPECT_LE(polled->size(), 7U);
    for (const auto& one : *polled) EXPECT_EQ(one.offset, next++);
    return next >= 1'000;
  }));
  EXPECT_EQ(consumer->lag(), 0);
}

TEST_F(ConsumerContractTest, RecordsMayBeSeenWhereTheyLie) {
  produce({"a", "b", "c"});
  const auto consumer = reader({{{"rides", 0}, 1}});
  std::vector<std::string> seen;
  EXPECT_TRUE(await([&] {
    const auto count =
        consumer->poll(20'000, [&](const TopicPartition& id, const ConsumedView& one) {
          EXPECT_EQ(id, (TopicPartition{"rides", 0}));
          seen.push_back(std::to_string(one.offset).append(one.value.value_or("")));
        });
    EXPECT_OK(count);
    return seen.size() == 2;
  }));
  EXPECT_THAT(seen, ElementsAre("1b", "2c"));
}

TEST_F(ConsumerContractTest, ReadingBeginsAtTheAssignedOffsets) {
  produce({"a", "b", "c"});
  const auto consumer = reader({{{"rides", 0}, 1}});
  EXPECT_THAT(values(read(*consumer, 2)), ElementsAre("b", "c"));
  EXPECT_THAT(consumer->assignment(), ElementsAre(TopicPartition{"rides", 0}));
}

TEST_F(ConsumerContractTest, APollWaitsForWhatComes) {
  const auto consumer = reader({{{"rides", 0}, 0}});
  auto polled = std::async(std::launch::async, [&] { return consumer->poll(20'000); });
  produce({"late"});
  const auto records = polled.get();
  ASSERT_OK(records);
  EXPECT_THAT(values(*records), ElementsAre("late"));
}

TEST_F(ConsumerContractTest, APollWithoutRecordsEndsInTime) {
  const auto consumer = reader({{{"rides", 0}, 0}});
  ASSERT_TRUE(await([&] { return !consumer->assignment().empty(); }));
  const auto polled = consumer->poll(50);
  ASSERT_OK(polled);
  EXPECT_THAT(*polled, IsEmpty());
}

TEST_F(ConsumerContractTest, WakeEndsAPoll) {
  const auto consumer = reader({{{"rides", 0}, 0}});
  ASSERT_TRUE(await([&] { return !consumer->assignment().empty(); }));
  const auto began = std::chrono::steady_clock::now();
  auto polled = std::async(std::launch::async, [&] { return consumer->poll(30'000); });
  consumer->wake();
  const auto records = polled.get();
  ASSERT_OK(records);
  EXPECT_THAT(*records, IsEmpty());
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(15));
}

// Invariant 13: said aloud by the broker, and the consumer's option decides.
TEST_F(ConsumerContractTest, AnOffsetOutOfRangeBeginsAgainByTheResetRule) {
  produce({"a", "b"});
  const auto earliest = reader({{{"rides", 0}, 99}}, OffsetReset::earliest);
  EXPECT_THAT(values(read(*earliest, 2)), ElementsAre("a", "b"));
  const auto latest = reader({{{"rides", 0}, 99}}, OffsetReset::latest);
  ASSERT_TRUE(await([&] { return !latest->assignment().empty(); }));
  produce({"c"});
  EXPECT_THAT(values(read(*latest, 1)), ElementsAre("c"));
}

// Invariant 45.
TEST_F(ConsumerContractTest, ABrokerThatWasKilledIsReadOn) {
  produce({"a", "b"});
  const auto consumer = reader({{{"rides", 0}, 0}});
  EXPECT_THAT(values(read(*consumer, 2)), ElementsAre("a", "b"));
  broker_.kill();
  ASSERT_TRUE(await([&] {
    const auto polled = consumer->poll(10);
    return !polled.ok() && polled.error().is(LogErrc::unavailable);
  }));
  broker_.start();
  produce({"c"});
  EXPECT_THAT(values(read(*consumer, 1)), ElementsAre("c"));
}

TEST_F(ConsumerContractTest, AConsumerMayBeMadeBeforeTheBrokerIsThere) {
  produce({"a"});
  broker_.kill();
  const auto consumer = reader({{{"rides", 0}, 0}});
  EXPECT_FAILS_WITH(consumer->poll(10), LogErrc::unavailable);
  broker_.start();
  EXPECT_THAT(values(read(*consumer, 1)), ElementsAre("a"));
}

TEST_F(ConsumerContractTest, AssigningAgainForgetsWhatWasFetched) {
  produce({"a", "b", "c"});
  const auto consumer = reader({{{"rides", 0}, 0}});
  ASSERT_TRUE(await([&] { return consumer->lag() == 3; }));
  consumer->assign({{{"rides", 0}, 2}});
  EXPECT_THAT(values(read(*consumer, 1)), ElementsAre("c"));
}

TEST_F(ConsumerContractTest, WithoutAGroupNothingIsCommitted) {
  const auto consumer = reader({{{"rides", 0}, 0}});
  EXPECT_FAILS_WITH(consumer->commit({{{"rides", 0}, 1}}), LogErrc::refused);
}

}  // namespace
}  // namespace hailstorm::log

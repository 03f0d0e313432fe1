#include "tests/common/log/log_fixture.h"

namespace hailstorm::log {
namespace {

/// What a producer does with topics that are missing, and with records that do not fit.
class ProducerTopicsTest : public LogFixture {};

TEST_F(ProducerTopicsTest, ATopicThatDoesNotExistIsAnError) {
  const auto producer = engine_->make_producer();
  Deliveries deliveries;
  ASSERT_OK(producer->send("nowhere", record("x"), deliveries.callback()));
  ASSERT_TRUE(deliveries.await_count(1));
  EXPECT_FAILS_WITH(deliveries.at(0), LogErrc::unknown_topic);
}

TEST_F(ProducerTopicsTest, ATopicThatIsMadeJustNowIsWaitedFor) {
  const auto producer = engine_->make_producer();
  Deliveries deliveries;
  ASSERT_OK(producer->send("rides", record("early"), deliveries.callback()));
  topic("rides", 1);
  ASSERT_OK(producer->flush(20'000));
  ASSERT_OK(deliveries.at(0));
  EXPECT_EQ(deliveries.at(0)->offset, 0);
}

TEST_F(ProducerTopicsTest, ATopicThatIsDeletedUnderAProducerIsAnErrorAndMayComeBack) {
  topic("rides", 1);
  const auto producer = engine_->make_producer();
  Deliveries deliveries;
  ASSERT_OK(producer->send("rides", record("first"), deliveries.callback()));
  ASSERT_OK(producer->flush(20'000));
  ASSERT_OK(admin_->delete_topic("rides"));
  ASSERT_OK(producer->send("rides", record("second"), deliveries.callback()));
  ASSERT_TRUE(deliveries.await_count(2));
  EXPECT_FAILS_WITH(deliveries.at(1), LogErrc::unknown_topic);
  topic("rides", 1);
  ASSERT_OK(producer->send("rides", record("third"), deliveries.callback()));
  ASSERT_OK(producer->flush(20'000));
  ASSERT_OK(deliveries.at(2));
  const auto consumer = reader({{{"rides", 0}, 0}});
  EXPECT_THAT(values(read(*consumer, 1)), ElementsAre("third"));
}

TEST_F(ProducerTopicsTest, ARecordThatCanNeverBeSentIsRefusedAtOnce) {
  const auto producer = engine_->make_producer();
  EXPECT_FAILS_WITH(producer->send("", record("x"), {}), LogErrc::refused);
  EXPECT_FAILS_WITH(producer->send("rides", record(std::string(5 << 20, 'x')), {}),
                    LogErrc::refused);
}

TEST_F(ProducerTopicsTest, ARecordGoesToThePartitionThatItNames) {
  topic("rides", 3);
  const auto producer = engine_->make_producer();
  Deliveries deliveries;
  for (const int32_t partition : {2, 0, 1, 2}) {
    Record one = record("v", "the same key");
    one.partition = partition;
    ASSERT_OK(producer->send("rides", one, deliveries.callback()));
  }
  ASSERT_OK(producer->flush(20'000));
  std::multiset<int32_t> partitions;
  for (size_t i = 0; i < 4; ++i) partitions.insert(deliveries.at(i)->id.partition);
  EXPECT_EQ(partitions, (std::multiset<int32_t>{0, 1, 2, 2}));
}

TEST_F(ProducerTopicsTest, APartitionThatIsNotThereIsRefusedAndHoldsNothingUp) {
  topic("rides", 2);
  const auto producer = engine_->make_producer();
  Deliveries deliveries;
  for (const int32_t partition : {2, 1}) {
    Record one = record("v");
    one.partition = partition;
    ASSERT_OK(producer->send("rides", one, deliveries.callback()));
  }
  ASSERT_OK(producer->flush(20'000));
  EXPECT_FAILS_WITH(deliveries.at(0), LogErrc::refused);
  EXPECT_OK(deliveries.at(1));
}

TEST_F(ProducerTopicsTest, ALargeRecordFits) {
  topic("rides", 1);
  produce({std::string(4'000'000, 'x')});
  const auto consumer = reader({{{"rides", 0}, 0}});
  EXPECT_EQ(read(*consumer, 1).at(0).value->size(), 4'000'000U);
}

}  // namespace
}  // namespace hailstorm::log

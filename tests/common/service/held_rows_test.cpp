#include "common/service/held_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/service/rows_in_flight.h"

namespace hailstorm::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const log::TopicPartition kFirst{"rides", 0};
const log::TopicPartition kSecond{"rides", 1};

Error why() { return {log::LogErrc::storage_error, "damage"}; }

TEST(HeldRowsTest, OnlyAPartitionsFirstRowIsTriedAgainAndNotAtOnce) {
  HeldRows held;
  EXPECT_TRUE(held.hold(kFirst, 7, why(), 1'000));
  EXPECT_FALSE(held.hold(kFirst, 5, why(), 1'000));
  EXPECT_FALSE(held.hold(kFirst, 9, why(), 1'000));
  EXPECT_TRUE(held.holds(kFirst));
  EXPECT_FALSE(held.holds(kSecond));
  EXPECT_THAT(held.due(1'000), IsEmpty());
  EXPECT_THAT(held.due(1'000 + HeldRows::kTryAgainMs), ElementsAre(5));
  EXPECT_THAT(held.due(INT64_MAX - 1), IsEmpty()) << "its answer is not here";
  EXPECT_THAT(held.release(7), IsEmpty());
  EXPECT_THAT(held.release(5), ElementsAre(kFirst));
  EXPECT_TRUE(held.is_empty());
}

TEST(HeldRowsTest, ATopicThatIsNotKnownHoldsAllItsPartitions) {
  HeldRows held;
  held.hold({"rides", HeldRows::kWholeTopic}, 3, why(), 0);
  EXPECT_TRUE(held.holds(kFirst));
  EXPECT_TRUE(held.holds({"rides", HeldRows::kWholeTopic}));
  EXPECT_FALSE(held.holds({"events", 0}));
}

// A topic may grow while rows wait, so that a row's partition is another one afterwards.
TEST(HeldRowsTest, ARowThatIsFirstOfTwoPartitionsReleasesBoth) {
  HeldRows held;
  held.hold(kFirst, 3, why(), 0);
  EXPECT_THAT(held.due(HeldRows::kTryAgainMs), ElementsAre(3));
  held.hold(kSecond, 3, why(), 1'000);
  EXPECT_THAT(held.due(1'000 + HeldRows::kTryAgainMs), ElementsAre(3, 3));
  EXPECT_THAT(held.release(3), ElementsAre(kFirst, kSecond));
}

TEST(RowsInFlightTest, AcknowledgedRowsAreErasedUpToTheOldestThatWaits) {
  RowsInFlight rows;
  for (const int64_t id : {1, 2, 3}) EXPECT_TRUE(rows.add(id, 100));
  EXPECT_FALSE(rows.add(2, 100)) << "it is in flight already";
  EXPECT_FALSE(rows.answered(3, log::Delivery{}));
  EXPECT_THAT(rows.take_answers().acknowledged, IsEmpty());
  EXPECT_FALSE(rows.add(3, 100)) << "the log has it";
  EXPECT_FALSE(rows.answered(1, log::Delivery{}));
  EXPECT_THAT(rows.take_answers().acknowledged, ElementsAre(1));
  EXPECT_TRUE(rows.answered(2, Result<log::Delivery>(why())));
  const auto answers = rows.take_answers();
  EXPECT_THAT(answers.acknowledged, ElementsAre(3));
  ASSERT_EQ(answers.failed.size(), 1U);
  EXPECT_EQ(answers.failed[0].id, 2);
  EXPECT_TRUE(rows.is_empty());
}

// One slow partition holds up no more than a bounded number of the others' rows.
TEST(RowsInFlightTest, ARowThatWaitsForLongDoesNotKeepTheOthersForEver) {
  RowsInFlight rows;
  EXPECT_TRUE(rows.add(1, 1));
  size_t erased = 0;
  for (int64_t id = 2; id < 20'000; ++id) {
    ASSERT_TRUE(rows.has_room());
    ASSERT_TRUE(rows.add(id, 1));
    (void)rows.answered(id, log::Delivery{});
    erased += rows.take_answers().acknowledged.size();
  }
  EXPECT_GT(erased, 18'000U);
}

TEST(RowsInFlightTest, TheLimitCountsBytesAsWellAsRows) {
  RowsInFlight rows;
  for (int64_t id = 0; id < 8; ++id) {
    EXPECT_TRUE(rows.has_room());
    EXPECT_TRUE(rows.add(id, RowsInFlight::kMaxBytes / 8));
  }
  EXPECT_FALSE(rows.has_room());
  EXPECT_TRUE(rows.answered(3, log::Delivery{})) << "there is room again";
  EXPECT_TRUE(rows.has_room());
}

}  // namespace
}  // namespace hailstorm::service

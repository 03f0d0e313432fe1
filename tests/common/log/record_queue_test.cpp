#include "common/log/hailstorm/record_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/common/log/batches.h"
#include "tests/support/matchers.h"

namespace hailstorm::log::hail {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TopicPartition kId{"rides", 3};

class RecordQueueTest : public ::testing::Test {
 protected:
  std::vector<std::string> take(size_t max) {
    std::vector<std::string> values;
    last_ = queue_.take(kId, max, position_, [&](const wire::RecordView& record) {
      values.push_back(std::to_string(record.offset).append(record.value.value_or("null")));
    });
    EXPECT_EQ(last_.ok() ? *last_ : 0, values.size()) << "all that was shown is counted";
    return values;
  }

  RecordQueue queue_;
  int64_t position_ = 0;
  Result<size_t> last_ = size_t{0};
};

TEST_F(RecordQueueTest, RecordsComeAsOftenAsAskedForInOrder) {
  std::vector<uint8_t> two = batch_at(0, {"a", "b"});
  const auto second = batch_at(2, {"c"});
  two.insert(two.end(), second.begin(), second.end());
  EXPECT_EQ(*queue_.push(frame_of(two)), 3);
  EXPECT_EQ(*queue_.push(frame_at(3, {"d"})), 4);
  EXPECT_GT(queue_.size_bytes(), two.size());
  EXPECT_THAT(take(1), ElementsAre("0a"));
  EXPECT_EQ(position_, 1);
  EXPECT_THAT(take(2), ElementsAre("1b", "2c"));
  EXPECT_THAT(take(9), ElementsAre("3d"));
  EXPECT_THAT(take(9), IsEmpty());
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.size_bytes(), 0U);
  EXPECT_EQ(position_, 4);
}

// Invariant 32: a batch is fetched whole, also where the position is in its middle.
TEST_F(RecordQueueTest, WhatIsBeforeThePositionIsPassedOver) {
  position_ = 11;
  ASSERT_OK(queue_.push(frame_at(10, {"a", "b", "c"})));
  EXPECT_THAT(take(1), ElementsAre("11b"));
  EXPECT_THAT(take(9), ElementsAre("12c"));
}

TEST_F(RecordQueueTest, NullsEmptyValuesAndHeadersStayWhatTheyAre) {
  wire::RecordBatchBuilder builder;
  builder.append(5, "key", std::nullopt);
  const std::vector<wire::RecordHeaderView> headers = {{"h", "1"}, {"h", std::nullopt}};
  builder.append(7, std::nullopt, "", headers);
  const Frame kept = frame_of(builder.finish(4));  // the views below look into it
  ASSERT_OK(queue_.push(kept));
  std::vector<wire::RecordView> records;
  ASSERT_OK(queue_.take(kId, 9, position_, [&](const auto& one) { records.push_back(one); }));
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].key, "key");
  EXPECT_EQ(records[0].value, std::nullopt);
  EXPECT_EQ(records[0].timestamp_ms, 5);
  EXPECT_EQ(records[1].key, std::nullopt);
  EXPECT_EQ(records[1].value, "");
  ASSERT_EQ(records[1].headers.size(), 2U);
  EXPECT_EQ(records[1].headers[0].value, "1");
  EXPECT_EQ(records[1].headers[1].value, std::nullopt);
}

TEST_F(RecordQueueTest, BytesThatAreNoBatchAreNotTaken) {
  EXPECT_FALSE(queue_.push(frame_of({1, 2, 3})).ok());
  EXPECT_FALSE(queue_.push(frame_of({})).ok());
  std::vector<uint8_t> cut = batch_at(0, {"a"});
  cut.pop_back();
  EXPECT_FALSE(queue_.push(frame_of(cut)).ok());
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.size_bytes(), 0U);
}

// Invariant 7, on the reader's side: no record of a batch whose CRC is wrong is given out.
TEST_F(RecordQueueTest, ACorruptBatchStopsTheQueueWhereItIs) {
  ASSERT_OK(queue_.push(frame_at(0, {"a"})));
  ASSERT_OK(queue_.push(corrupt_frame_at(1, {"b", "c"})));
  ASSERT_OK(queue_.push(frame_at(3, {"d"})));
  EXPECT_THAT(take(9), ElementsAre("0a")) << "what comes before it is not lost";
  EXPECT_THAT(take(9), IsEmpty());
  EXPECT_FAILS_WITH(last_, LogErrc::corrupt);
  EXPECT_THAT(last_.error().message(), ::testing::HasSubstr("rides-3: the batch at offset 1 "));
  EXPECT_THAT(take(9), IsEmpty());
  EXPECT_FAILS_WITH(last_, LogErrc::corrupt);
  EXPECT_EQ(position_, 1);
}

}  // namespace
}  // namespace hailstorm::log::hail

#include "common/log/hailstorm/record_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/record_batch_format.h"
#include "tests/common/log/batches.h"
#include "tests/support/lying_batches.h"
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
    last_ = queue_.take(
        kId, max, position_, [&](const wire::RecordView& record, const Undecodable* place) {
          const std::string place_end =
              place != nullptr ? "-" + std::to_string(place->last_offset) : "";
          values.push_back(
              std::to_string(record.offset)
                  .append(place != nullptr ? place_end : record.value.value_or("null")));
          if (place != nullptr) why_ = place->why;
        });
    EXPECT_EQ(last_.ok() ? *last_ : 0, values.size()) << "all that was shown is counted";
    return values;
  }

  RecordQueue queue_;
  int64_t position_ = 0;
  std::string why_;  // of the last place that nobody can decode
  Result<size_t> last_ = size_t{0};
};

TEST_F(RecordQueueTest, RecordsComeInOrderAndAsManyAsWereRequested) {
  std::vector<uint8_t> two = batch_at(0, {"a", "b"});
  const auto second = batch_at(2, {"c"});
  two.insert(two.end(), second.begin(), second.end());
  EXPECT_EQ(*queue_.push(frame_of(two), 0), 3);
  EXPECT_EQ(*queue_.push(frame_at(3, {"d"}), 0), 4);
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
TEST_F(RecordQueueTest, RecordsBeforeThePositionAreSkipped) {
  position_ = 11;
  ASSERT_OK(queue_.push(frame_at(10, {"a", "b", "c"}), 0));
  EXPECT_THAT(take(1), ElementsAre("11b"));
  EXPECT_THAT(take(9), ElementsAre("12c"));
}

TEST_F(RecordQueueTest, NullsEmptyValuesAndHeadersStayWhatTheyAre) {
  wire::RecordBatchBuilder builder;
  builder.append(5, "key", std::nullopt);
  const std::vector<wire::RecordHeaderView> headers = {{"h", "1"}, {"h", std::nullopt}};
  builder.append(7, std::nullopt, "", headers);
  const Frame kept = frame_of(builder.finish(4));  // the views below look into it
  ASSERT_OK(queue_.push(kept, 0));
  std::vector<wire::RecordView> records;
  ASSERT_OK(queue_.take(kId, 9, position_,
                        [&](const auto& one, const Undecodable*) { records.push_back(one); }));
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
  EXPECT_FALSE(queue_.push(frame_of({1, 2, 3}), 0).ok());
  EXPECT_FALSE(queue_.push(frame_of({}), 0).ok());
  std::vector<uint8_t> cut = batch_at(0, {"a"});
  cut.pop_back();
  EXPECT_FALSE(queue_.push(frame_of(cut), 0).ok());
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.size_bytes(), 0U);
}

// Invariant 7, on the reader's side: no record of a batch whose CRC is wrong is given out.
TEST_F(RecordQueueTest, ACorruptBatchStopsTheQueueWhereItIs) {
  ASSERT_OK(queue_.push(frame_at(0, {"a"}), 0));
  ASSERT_OK(queue_.push(corrupt_frame_at(1, {"b", "c"}), 0));
  ASSERT_OK(queue_.push(frame_at(3, {"d"}), 0));
  EXPECT_THAT(take(9), ElementsAre("0a")) << "what comes before it is not lost";
  EXPECT_THAT(take(9), IsEmpty());
  EXPECT_FAILS_WITH(last_, LogErrc::corrupt);
  EXPECT_THAT(last_.error().message(), ::testing::HasSubstr("rides-3: the batch at offset 1 "));
  EXPECT_THAT(take(9), IsEmpty());
  EXPECT_FAILS_WITH(last_, LogErrc::corrupt);
  EXPECT_EQ(position_, 1);
}

// Invariant 59.
TEST_F(RecordQueueTest, ARecordOfNonsenseMakesTheRestOfItsBatchUndecodable) {
  for (const auto& [what, record, said] : testing::lies()) {
    SCOPED_TRACE(what);
    queue_ = {};
    position_ = 0;
    auto lying = testing::batch_around(record);
    wire::stamp(lying, 1, 0);
    ASSERT_OK(queue_.push(frame_at(0, {"a"}), 0));
    EXPECT_EQ(*queue_.push(frame_of(lying), 1), 4);
    ASSERT_OK(queue_.push(frame_at(4, {"d"}), 4));
    EXPECT_THAT(take(9), ElementsAre("0a", "1value", "2-3", "4d"));
    EXPECT_THAT(why_, ::testing::HasSubstr(said));
    EXPECT_EQ(position_, 5);
    EXPECT_TRUE(queue_.empty());
  }
}

// Invariant 59. The same place, from wherever reading begins, so that it is one dead letter.
TEST_F(RecordQueueTest, AnUndecodablePlaceIsTheSameFromItsMiddleAndReadOnce) {
  const auto lying = testing::batch_around({.key_length = testing::varint(100)});
  for (const int64_t from : {1, 2}) {
    queue_ = {};
    position_ = from;
    ASSERT_OK(queue_.push(frame_of(lying), from));
    EXPECT_THAT(take(1), ElementsAre("1-2"));
    EXPECT_EQ(position_, 3);
  }
  queue_ = {};
  ASSERT_OK(queue_.push(frame_of(lying), 3));
  EXPECT_THAT(take(9), IsEmpty());
  EXPECT_OK(last_);
}

TEST_F(RecordQueueTest, AWholeBatchOfAKindThatIsNotUnderstoodIsAPlace) {
  namespace format = wire::batch_format;
  const auto with = [](size_t at, auto value) {
    auto bytes = batch_at(1, {"b", "c"});
    put_be(bytes.data() + at, value);
    testing::set_true_crc(bytes);
    return bytes;
  };
  for (const auto& strange :
       {with(format::kAttributes, int16_t{4}), with(format::kAttributes, int16_t{0x20}),
        with(format::kRecordCount, int32_t{7})}) {
    queue_ = {};
    position_ = 1;
    ASSERT_OK(queue_.push(frame_of(strange), 1));
    ASSERT_OK(queue_.push(frame_at(3, {"d"}), 3));
    EXPECT_THAT(take(9), ElementsAre("1-2", "3d"));
  }
}

// Where its last offset lies only that format knows.
TEST_F(RecordQueueTest, ABatchOfANewerFormatIsPassedAnOffsetAtATime) {
  auto newer = batch_at(1, {"b", "c"});
  newer[wire::batch_format::kMagic] = 3;
  position_ = 1;
  EXPECT_EQ(*queue_.push(frame_of(newer), 1), 2);
  EXPECT_THAT(take(9), ElementsAre("1-1"));
  EXPECT_THAT(why_, ::testing::HasSubstr("magic 3"));
  EXPECT_EQ(*queue_.push(frame_of(newer), 2), 3)
      << "the broker gives the batch that holds offset 2";
  EXPECT_THAT(take(9), ElementsAre("1-2"));
  ASSERT_OK(queue_.push(frame_at(3, {"d"}), 3));
  EXPECT_THAT(take(9), ElementsAre("3d"));
}

}  // namespace
}  // namespace hailstorm::log::hail

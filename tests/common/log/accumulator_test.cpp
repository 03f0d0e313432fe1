#include "common/log/hailstorm/accumulator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "common/wire/partitioner.h"
#include "tests/common/log/batches.h"

namespace hailstorm::log::hail {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

class AccumulatorTest : public ::testing::Test {
 protected:
  /// Gives whether the sender should look.
  bool append(const std::string& value, std::optional<std::string> key = std::nullopt) {
    return append_to(accumulator_, {.key = std::move(key), .value = value, .headers = {}});
  }
  bool append_to(Accumulator& accumulator, Record record, const std::string& topic = "rides") {
    return accumulator
        .append(
            topic, std::move(record), [](const auto&) {}, now_ms_, 5'000)
        .is_news;
  }
  Accumulator::Appended append_many(std::span<const RecordView> records) {
    return accumulator_.append("rides", records, {}, now_ms_, 5'000);
  }
  void partitions(int32_t count) { accumulator_.set_partition_count("rides", count, 0); }
  /// What is due, as "partition: values".
  std::vector<std::string> ready(bool hurry = false) {
    return texts(hurry ? flushed() : accumulator_.take_ready(now_ms_, has_room_));
  }
  static std::vector<std::string> texts(std::vector<ReadyBatch> all) {
    std::vector<std::string> found;
    for (auto& [id, batch] : all) {
      std::string text = std::to_string(id.partition) + ":";
      if (id.partition >= 0) {
        for (const auto& value : values_of(batch.builder.finish())) text += " " + value;
      }
      found.push_back(text);
    }
    return found;
  }
  std::vector<ReadyBatch> flushed() {
    (void)accumulator_.begin_flush();
    auto all = accumulator_.take_ready(now_ms_, has_room_);
    accumulator_.end_flush();
    return all;
  }
  uint64_t last_ticket() {
    const uint64_t last = accumulator_.begin_flush();
    accumulator_.end_flush();
    return last;
  }
  /// Of the records that the sender did not take; 0: none.
  uint64_t oldest_ticket() {
    accumulator_.acknowledge(0, 0, UINT64_MAX);
    for (uint64_t ticket = 1; ticket <= last_ticket(); ++ticket) {
      if (!accumulator_.is_acknowledged(ticket)) return ticket;
    }
    return 0;
  }
  int64_t due_ms() { return accumulator_.next_due_ms(has_room_); }

  int64_t now_ms_ = 100;
  Accumulator accumulator_{{.linger_ms = 5, .batch_bytes = 1'000}};
  Accumulator::HasRoom has_room_ = [](const TopicPartition&) { return true; };
};

TEST_F(AccumulatorTest, RecordsWaitUntilTheirTopicsPartitionsAreKnown) {
  EXPECT_TRUE(append("a"));
  EXPECT_FALSE(append("b")) << "nothing new to look at";
  EXPECT_THAT(accumulator_.topics_unknown(), ElementsAre("rides"));
  EXPECT_THAT(ready(true), IsEmpty());
  EXPECT_EQ(due_ms(), kNever);
  partitions(1);
  EXPECT_THAT(accumulator_.topics_unknown(), IsEmpty());
  EXPECT_THAT(ready(true), ElementsAre("0: a b"));
}

TEST_F(AccumulatorTest, ABatchLingers) {
  partitions(1);
  EXPECT_TRUE(append("a"));
  EXPECT_THAT(ready(), IsEmpty());
  EXPECT_EQ(due_ms(), 105);
  now_ms_ = 104;
  EXPECT_FALSE(append("b"));
  EXPECT_THAT(ready(), IsEmpty());
  now_ms_ = 105;
  EXPECT_THAT(ready(), ElementsAre("0: a b"));
  EXPECT_EQ(due_ms(), kNever);
}

TEST_F(AccumulatorTest, AFullBatchIsDueAtOnceAndNoneIsLarger) {
  partitions(1);
  const std::string large(300, 'x');
  for (int i = 0; i < 8; ++i) (void)append(large);
  EXPECT_EQ(due_ms(), 0);
  int32_t taken = 0;
  for (auto& [id, batch] : accumulator_.take_ready(now_ms_, has_room_)) {
    EXPECT_LE(batch.builder.size_bytes(), 1'000U);
    taken += batch.record_count;
  }
  EXPECT_EQ(taken, 2);
}

TEST_F(AccumulatorTest, ManyAtOnceMakeNoLargerBatchesThanOneByOne) {
  const std::string large(300, 'x');
  const std::string small = "y";
  std::vector<RecordView> views(9);
  for (size_t i = 0; i < views.size(); ++i) views[i].value = i % 3 == 2 ? large : small;
  views[8].key = "k";
  const std::string larger = large + large + large;
  views[1].value = larger;
  std::span<const RecordView> rest = views;
  EXPECT_FALSE(append_many(rest).is_news);
  EXPECT_EQ(append_many(rest).record_count, 0U) << "its partitions are not known";
  partitions(1);
  while (rest.size() > 1) {
    const auto appended = append_many(rest);
    ASSERT_GT(appended.record_count, 0U);
    rest = rest.subspan(appended.record_count);
  }
  EXPECT_EQ(append_many(rest).record_count, 0U) << "a key goes by itself";
  EXPECT_EQ(last_ticket(), 8U);
  int32_t records = 0;
  for (auto& [id, batch] : accumulator_.take_all()) {
    EXPECT_LE(batch.builder.size_bytes(), 1'000U);
    EXPECT_EQ(view_of(batch.builder.finish()).record_count(), batch.record_count);
    records += batch.record_count;
  }
  EXPECT_EQ(records, 8);
}

TEST_F(AccumulatorTest, RecordsWithoutAKeyAvoidAClosedPartition) {
  accumulator_.set_closed({"rides", 0}, true);
  accumulator_.set_closed({"rides", 2}, true);
  (void)append("first");
  partitions(3);
  for (int i = 0; i < 3; ++i) (void)append("next");
  EXPECT_THAT(ready(true), ElementsAre("1: first next next next"));
  (void)append("after");
  EXPECT_THAT(ready(true), ElementsAre("1: after")) << "nothing else is open";
  accumulator_.set_closed({"rides", 1}, true);
  (void)append("lost");
  EXPECT_EQ(ready(true).size(), 1U) << "all are closed";
  accumulator_.open_all();
  for (int i = 0; i < 3; ++i) {
    (void)append("x");
    EXPECT_EQ(ready(true).size(), 1U);
  }
}

TEST_F(AccumulatorTest, KeylessRecordsForAPartitionThatClosesGoElsewhere) {
  partitions(2);
  const std::string key = [] {
    for (int i = 0;; ++i) {
      if (wire::partition_for_key(std::to_string(i), 2) == 0) return std::to_string(i);
    }
  }();
  (void)append("a");  // to 0: the test begins there
  (void)append(std::string(2'000, 'x'), key);
  accumulator_.set_closed({"rides", 0}, true);
  const auto failed = texts(accumulator_.take_closed({"rides", 0}));
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_TRUE(failed[0].starts_with("0: xxx"));
  EXPECT_EQ(oldest_ticket(), 1U) << "the other one is still here";
  EXPECT_THAT(ready(true), ElementsAre("1: a"));
}

TEST_F(AccumulatorTest, ARecordThatNamesAClosedPartitionGoesNowhereElse) {
  partitions(2);
  (void)append_to(accumulator_, {std::nullopt, "a", {}, -1, 0});
  accumulator_.set_closed({"rides", 0}, true);
  EXPECT_THAT(texts(accumulator_.take_closed({"rides", 0})), ElementsAre("0: a"));
  EXPECT_THAT(ready(true), IsEmpty());
}

TEST_F(AccumulatorTest, ARecordLargerThanABatchGoesAlone) {
  partitions(1);
  (void)append("small");
  EXPECT_TRUE(append(std::string(5'000, 'x')));
  EXPECT_THAT(ready(), ElementsAre("0: small"));
  EXPECT_EQ(accumulator_.take_ready(now_ms_, has_room_).size(), 1U);
}

// Invariant 16.
TEST_F(AccumulatorTest, AKeyChoosesItsPartition) {
  partitions(8);
  for (const char* key : {"r-1", "r-2", "r-3"}) {
    (void)append(key, key);
    const auto expected = wire::partition_for_key(key, 8);
    EXPECT_THAT(ready(true), ElementsAre(std::to_string(expected) + ": " + key));
  }
}

TEST_F(AccumulatorTest, APartitionThatIsNamedGoesBeforeTheKey) {
  partitions(4);
  for (const int32_t partition : {3, 0, 4}) {
    (void)append_to(accumulator_,
                    {.key = "k", .value = "v", .headers = {}, .partition = partition});
  }
  EXPECT_EQ(oldest_ticket(), 1U);
  EXPECT_THAT(ready(true), ElementsAre("0: v", "3: v"));
  EXPECT_EQ(oldest_ticket(), 3U) << "what is refused is still to be reported";
  const auto refused = accumulator_.take_refused();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].id.partition, 4);
  EXPECT_EQ(refused[0].batch.record_count, 1);
  EXPECT_THAT(accumulator_.take_refused(), IsEmpty());
}

TEST_F(AccumulatorTest, WithoutKeysBatchesGoRound) {
  partitions(3);
  std::set<std::string> seen;
  for (int i = 0; i < 3; ++i) {
    (void)append("a");
    for (const auto& text : ready(true)) seen.insert(text);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"0: a", "1: a", "2: a"}));
}

// A partition whose lane is full keeps one growing batch instead of many small ones.
TEST_F(AccumulatorTest, WithoutRoomABatchGoesOnGrowing) {
  partitions(1);
  has_room_ = [](const TopicPartition&) { return false; };
  (void)append("a");
  now_ms_ += 100;
  (void)append("b");
  EXPECT_THAT(ready(true), IsEmpty());
  EXPECT_EQ(due_ms(), kNever);
  has_room_ = [](const TopicPartition&) { return true; };
  EXPECT_THAT(ready(), ElementsAre("0: a b"));
}

// Invariant 5: batches of a partition leave in the order in which they were opened.
TEST_F(AccumulatorTest, BatchesOfAPartitionLeaveInOrder) {
  partitions(1);
  for (const char* value : {"a", "b", "c"}) (void)append(value + std::string(900, '.'));
  std::string order;
  for (int i = 0; i < 3; ++i) order += ready(true).at(0).substr(3, 1);
  EXPECT_EQ(order, "abc");
}

TEST_F(AccumulatorTest, ARecordLargerThanABatchMayBeHasOneForItself) {
  Accumulator narrow({.linger_ms = 5, .batch_bytes = 1});
  narrow.set_partition_count("rides", 1, 0);
  for (const char* value : {"a", "b"}) {
    const RecordView record{std::nullopt, value, -1};
    const auto appended = narrow.append(
        "rides", std::span<const RecordView>(&record, 1), [](const auto&, int64_t) {}, now_ms_,
        5'000);
    EXPECT_TRUE(appended.is_news);
    EXPECT_EQ(appended.record_count, 1U);
  }
  (void)append_to(narrow, {.key = {}, .value = "c", .headers = {}});
  EXPECT_THAT(texts(narrow.take_ready(now_ms_, has_room_)), ElementsAre("0: a"));
  EXPECT_THAT(texts(narrow.take_ready(now_ms_, has_room_)), ElementsAre("0: b"));
  EXPECT_THAT(texts(narrow.take_ready(now_ms_, has_room_)), ElementsAre("0: c"));
}

TEST_F(AccumulatorTest, RecordsThatAreTooOldAreTakenOut) {
  (void)append_to(accumulator_, {}, "nowhere");
  partitions(1);
  (void)append("a");
  now_ms_ = 200;
  (void)append_to(accumulator_, {}, "nowhere");
  EXPECT_THAT(texts(accumulator_.take_older_than(100)), IsEmpty());
  EXPECT_THAT(texts(accumulator_.take_older_than(101)), ElementsAre("-1:", "0: a"));
  EXPECT_THAT(texts(accumulator_.take_topic("nowhere")), ElementsAre("-1:"));
  EXPECT_THAT(accumulator_.topics_unknown(), IsEmpty());
  EXPECT_THAT(texts(accumulator_.take_all()), IsEmpty());
}

TEST_F(AccumulatorTest, TheOldestTicketIsOfTheOldestRecordNotTaken) {
  EXPECT_EQ(oldest_ticket(), 0U) << "there is none";
  partitions(1);
  (void)append("a" + std::string(990, '.'));
  (void)append("b");
  EXPECT_EQ(last_ticket(), 2U);
  EXPECT_EQ(oldest_ticket(), 1U);
  (void)ready();
  EXPECT_EQ(oldest_ticket(), 2U);
}

TEST_F(AccumulatorTest, ARecordWithoutATimeIsOfNow) {
  partitions(1);
  (void)append("a");
  auto taken = accumulator_.take_all();
  EXPECT_EQ(view_of(taken.at(0).batch.builder.finish()).max_timestamp_ms(), 5'000);
}

TEST_F(AccumulatorTest, GrownPartitionsAreUsedByNewRecords) {
  partitions(1);
  (void)append("old", "r-1");
  partitions(64);
  (void)append("new", "r-1");
  const auto expected = std::to_string(wire::partition_for_key("r-1", 64));
  EXPECT_THAT(ready(true), ElementsAre("0: old", expected + ": new"));
}

// Invariant 57: else the topic's broker would refuse batches of records that it takes.
TEST_F(AccumulatorTest, ATopicsOwnLimitBoundsItsBatches) {
  accumulator_.set_max_batch_bytes("rides", 400);
  partitions(1);
  for (int i = 0; i < 4; ++i) append(std::string(200, 'x'), "k");
  append(std::string(500, 'y'), "k");
  for (const auto& [id, batch] : flushed()) EXPECT_LE(batch.builder.size_bytes(), 400U);
  EXPECT_EQ(accumulator_.partition_count("rides"), 1);
  accumulator_.set_max_batch_bytes("rides", 10'000);
  int batches = 0;
  while (!ready(true).empty()) ++batches;
  EXPECT_EQ(batches, 4) << "of one record each, and the last one alone, though it is too large";
}

}  // namespace
}  // namespace hailstorm::log::hail

#include "common/wire/record_batch_rewriter.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "common/wire/record_batch_format.h"
#include "tests/support/matchers.h"

namespace hailstorm::wire {
namespace {

std::vector<uint8_t> five_records(compression::Codec codec) {
  RecordBatchBuilder builder;
  for (int i = 0; i < 5; ++i) {
    const std::string number = std::to_string(i);
    const RecordHeaderView header{"h", number};
    builder.append(1'000 + i, "key-" + std::to_string(i), std::string(50, 'v'),
                   std::span(&header, 1));
  }
  builder.set_producer(7, 2, 30);
  return builder.finish(100, codec);
}

/// The batch with its records of these offsets alone.
std::vector<uint8_t> with_only(const std::vector<uint8_t>& bytes, std::vector<int64_t> offsets,
                               std::optional<int64_t> horizon_ms = std::nullopt) {
  const auto batch = RecordBatchView::parse(bytes);
  RecordBatchRewriter rewriter(*batch, horizon_ms);
  RecordReader reader(*batch);
  for (RecordView record; *reader.next(record);) {
    if (std::find(offsets.begin(), offsets.end(), record.offset) != offsets.end())
      rewriter.keep(record);
  }
  return rewriter.finish();
}

TEST(RecordBatchRewriterTest, WhatIsKeptHasItsOffsetTimeAndHeaders) {
  for (const auto codec :
       {compression::Codec::none, compression::Codec::gzip, compression::Codec::snappy,
        compression::Codec::lz4, compression::Codec::zstd}) {
    const auto bytes = with_only(five_records(codec), {101, 103});
    const auto batch = RecordBatchView::parse(bytes);
    ASSERT_OK(batch);
    EXPECT_EQ(batch->record_count(), 2);
    EXPECT_EQ(batch->base_offset(), 100);
    EXPECT_EQ(batch->last_offset(), 104);
    EXPECT_EQ(batch->producer_id(), 7);
    EXPECT_EQ(batch->producer_epoch(), 2);
    EXPECT_EQ(batch->base_sequence(), 30);
    EXPECT_EQ(batch->last_sequence(), 34);
    EXPECT_EQ(batch->max_timestamp_ms(), 1'003);
    EXPECT_EQ(batch->codec(), codec);
    RecordReader reader(*batch);
    RecordView record;
    for (const int i : {1, 3}) {
      ASSERT_TRUE(*reader.next(record));
      EXPECT_EQ(record.offset, 100 + i);
      EXPECT_EQ(record.timestamp_ms, 1'000 + i);
      EXPECT_EQ(record.key, "key-" + std::to_string(i));
      EXPECT_EQ(record.headers.at(0).value, std::to_string(i));
      EXPECT_EQ(reader.next_offset(), 101 + i);
    }
    EXPECT_FALSE(*reader.next(record));
  }
}

TEST(RecordBatchRewriterTest, ABatchThatLosesAllIsItsHeader) {
  const auto bytes = with_only(five_records(compression::Codec::gzip), {});
  EXPECT_EQ(bytes.size(), batch_format::kHeaderBytes);
  const auto batch = RecordBatchView::parse(bytes);
  ASSERT_OK(batch);
  EXPECT_EQ(batch->record_count(), 0);
  EXPECT_EQ(batch->last_offset(), 104);
  EXPECT_EQ(batch->last_sequence(), 34);
  EXPECT_EQ(batch->codec(), compression::Codec::none);
  RecordReader reader(*batch);
  RecordView record;
  EXPECT_FALSE(*reader.next(record));
}

TEST(RecordBatchRewriterTest, ADeleteHorizonChangesNoRecord) {
  const auto bytes = with_only(five_records(compression::Codec::none), {102}, 9'000'000);
  const auto batch = RecordBatchView::parse(bytes);
  ASSERT_OK(batch);
  EXPECT_EQ(delete_horizon_ms(*batch), 9'000'000);
  RecordReader reader(*batch);
  RecordView record;
  ASSERT_TRUE(*reader.next(record));
  EXPECT_EQ(record.timestamp_ms, 1'002);
}

TEST(RecordBatchRewriterTest, AnEmptyBatchHasARangeAndNothingElse) {
  const auto bytes = empty_batch(42, 4711);
  const auto batch = RecordBatchView::parse(bytes);
  ASSERT_OK(batch);
  EXPECT_EQ(batch->base_offset(), 42);
  EXPECT_EQ(batch->last_offset(), 4711);
  EXPECT_EQ(batch->record_count(), 0);
  EXPECT_EQ(batch->producer_id(), -1);
}

}  // namespace
}  // namespace hailstorm::wire

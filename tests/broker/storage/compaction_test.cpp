#include <algorithm>

#include "broker/storage/segment_swap.h"
#include "common/wire/record_batch_rewriter.h"
#include "tests/broker/storage/compaction_fixture.h"

namespace hailstorm::storage {
namespace {

class CompactionTest : public CompactionFixture {
 protected:
  std::optional<int64_t> horizon_of(int64_t offset) {
    const auto stored = read(offset, 1);
    EXPECT_OK(stored);
    return wire::delete_horizon_ms(*wire::RecordBatchView::parse(stored->bytes));
  }
  int32_t records_in_batch_at(int64_t offset) {
    const auto stored = read(offset, 1);
    EXPECT_OK(stored);
    return wire::RecordBatchView::parse(stored->bytes)->record_count();
  }
};

// Invariant 84.
TEST_F(CompactionTest, OfEachKeyTheLastRecordIsLeftAtItsOffset) {
  fill(60, 3);
  const int64_t size_before = log_->size_bytes();
  const Records before = read_records();
  expect_compacted();
  expect_sound();
  const Records after = read_records();
  const int64_t active = log_->durable_end().segment_base;
  int64_t left = 0;
  for (const auto& [offset, record] : after) {
    EXPECT_EQ(before.at(offset), record);
    if (offset < active) ++left;
  }
  EXPECT_EQ(left, 3);
  EXPECT_LT(log_->size_bytes(), size_before / 2);
  EXPECT_FALSE(*compact()) << "nothing is dirty any more";
}

TEST_F(CompactionTest, EveryOffsetCanStillBeReadFrom) {
  fill(60, 3);
  expect_compacted();
  for (int64_t offset = 0; offset < log_->durable_end().offset; ++offset) {
    const auto stored = read(offset, 1);
    ASSERT_OK(stored);
    const auto batch = wire::RecordBatchView::parse(stored->bytes);
    ASSERT_OK(batch);
    EXPECT_LE(batch->base_offset(), offset);
    EXPECT_GE(batch->last_offset(), offset);
  }
}

// librdkafka fails after ten responses without a record.
TEST_F(CompactionTest, AReadHasARecordWhereThereIsOneFurtherOn) {
  fill(60, 3);
  expect_compacted();
  int passed_over = 0;
  for (int64_t offset = 0; offset < log_->durable_end().offset; ++offset) {
    const auto stored = read(offset, 1);
    ASSERT_OK(stored);
    EXPECT_EQ(end_without_records(stored->bytes), std::nullopt) << offset;
    if (whole_batches(stored->bytes).first->size_bytes < stored->bytes.size()) ++passed_over;
  }
  EXPECT_GT(passed_over, 0);
}

TEST_F(CompactionTest, SmallSegmentsBecomeOne) {
  fill(200, 2);
  const size_t before = segment_count();
  ASSERT_GT(before, 10u);
  expect_compacted();  // each becomes small
  roll();
  expect_compacted();  // and they become one
  EXPECT_LE(segment_count(), 5u);
  expect_sound();
  close_and_open();
  expect_sound();
}

TEST_F(CompactionTest, TheActiveSegmentAndWhatReadersDoNotSeeAreLeftAlone) {
  fill(60, 3);
  const auto newest = log_->durable_end().segment_base;
  const auto bytes = bytes_of(newest);
  EXPECT_EQ(log_->begin_compaction(0, limits_), nullptr);
  expect_compacted();
  EXPECT_EQ(bytes_of(newest), bytes);
}

TEST_F(CompactionTest, ATopicThatDoesNotWantItIsLeftAlone) {
  fill(60, 3);
  close_and_open();
  config_.cleanup = wire::CleanupPolicy::retention;
  open();
  EXPECT_EQ(log_->begin_compaction(log_->durable_end().offset, limits_), nullptr);
}

TEST_F(CompactionTest, ACompactedTopicTakesNoRecordWithoutAKey) {
  wire::RecordBatchBuilder builder;
  builder.append(clock_.wall_ms(), "key", "value");
  builder.append(clock_.wall_ms(), std::nullopt, "value");
  auto bytes = builder.finish();
  const auto appended = append_bytes(bytes);
  EXPECT_FAILS_WITH(appended, StorageErrc::invalid);
  EXPECT_NE(appended.error().message().find("without a key"), std::string::npos);
  EXPECT_EQ(log_->end().offset, 0);
}

// Invariant 84.
TEST_F(CompactionTest, ARecordWithoutAValueGoesWhenItsTimeHasCome) {
  config_.delete_retention_ms = 10'000;
  open();
  const auto old_value = send({{"gone", "a value"}});
  const auto deletion = send({{"gone", std::nullopt}});
  roll();
  expect_compacted();
  Records records = read_records();
  EXPECT_FALSE(records.contains(old_value->base_offset));
  EXPECT_TRUE(records.contains(deletion->base_offset));
  EXPECT_EQ(horizon_of(deletion->base_offset), clock_.wall_ms() + 10'000);

  clock_.advance_ms(9'000);
  roll();
  expect_compacted();
  EXPECT_TRUE(read_records().contains(deletion->base_offset)) << "before its time";
  clock_.advance_ms(1'000);
  roll();
  expect_compacted();
  EXPECT_FALSE(read_records().contains(deletion->base_offset));
  expect_sound();
}

// Invariant 84. Otherwise a batch that is sent again would be written a second time.
TEST_F(CompactionTest, AProducersSequencesAreKnownAlsoWithoutACheckpoint) {
  for (int i = 0; i < 3; ++i) ASSERT_OK(send({{"key", "of 7"}}, compression::Codec::none, 7));
  roll();
  expect_compacted();
  EXPECT_EQ(records_in_batch_at(0), 0);
  EXPECT_EQ(read_records().count(0), 0u);
  log_.reset();
  remove_checkpoint();
  open();
  sequences_[7] = 2;  // the last batch, sent again
  const auto again = send({{"key", "of 7"}}, compression::Codec::none, 7);
  ASSERT_OK(again);
  EXPECT_TRUE(again->duplicate);
  EXPECT_EQ(again->base_offset, 2);
  EXPECT_FALSE(send({{"key", "of 7"}}, compression::Codec::none, 7)->duplicate);
}

TEST_F(CompactionTest, CompressedBatchesStayCompressed) {
  config_.segment_bytes = 16 << 10;
  open();
  for (const auto codec : compression::kCodecs) {
    for (int i = 0; i < 20; ++i) {
      std::vector<Sent> records;
      for (int j = 0; j < 20; ++j)
        records.push_back({fmt::format("key-{}", j * (i % 2 + 1)), std::string(100, 'v')});
      ASSERT_OK(send(records, codec));
    }
  }
  for (int i = 0; i < 200; ++i) fill(1, 1);
  expect_compacted();
  expect_sound();
  int64_t rewritten = 0;
  for (int64_t offset = 0; offset < log_->durable_end().segment_base;) {
    const auto stored = read(offset, 1);
    ASSERT_OK(stored);
    const auto batch = wire::RecordBatchView::parse(stored->bytes);
    ASSERT_OK(batch);
    if (batch->record_count() > 1 && !batch->is_dense()) ++rewritten;
    EXPECT_TRUE(batch->record_count() <= 1 || batch->codec() != compression::Codec::none);
    offset = batch->last_offset() + 1;
  }
  EXPECT_GT(rewritten, 0);
}

// Invariant 84.
TEST_F(CompactionTest, WhereTheTableOfKeysIsFullTheNextRoundGoesOn) {
  limits_.key_bytes = 16 * KeyOffsets::kEntryBytes;  // room for twelve keys
  fill(300, 50);
  int rounds = 0;
  for (; log_->wants_compaction(log_->durable_end().offset); ++rounds) {
    expect_compacted();
    expect_sound();
    ASSERT_LT(rounds, 100);
  }
  EXPECT_GT(rounds, 5);
  const Records records = read_records();
  const int64_t active = log_->durable_end().segment_base;
  EXPECT_LE(std::distance(records.begin(), records.lower_bound(active)), 50);
}

TEST_F(CompactionTest, TimesLeadToWhatIsLeft) {
  fill(60, 3);
  expect_compacted();
  int64_t last = -1;
  const Records records = read_records();
  for (int64_t time = clock_.wall_ms() - 60; time <= clock_.wall_ms(); ++time) {
    const auto found = offset_at(time);
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value());
    EXPECT_TRUE(records.contains((*found)->offset)) << time;
    EXPECT_GE((*found)->offset, last);
    last = (*found)->offset;
  }
}

TEST_F(CompactionTest, WhatAReaderHoldsDoesNotChange) {
  fill(60, 3);
  const auto held = read(0, 1000);
  ASSERT_OK(held);
  const std::vector<uint8_t> before(held->bytes.begin(), held->bytes.end());
  expect_compacted();
  EXPECT_EQ(std::vector<uint8_t>(held->bytes.begin(), held->bytes.end()), before);
}

TEST_F(CompactionTest, YoungRecordsAreLeftAlone) {
  config_.min_compaction_lag_ms = 60'000;
  open();
  fill(60, 3);
  EXPECT_FALSE(*compact());
  clock_.advance_ms(60'000);
  fill(20, 3);
  expect_compacted();
  expect_sound();
}

TEST_F(CompactionTest, WhatIsMostlyCleanWaitsUnlessItIsOld) {
  config_.min_dirty_ppm = 900'000;
  config_.max_compaction_lag_ms = 60'000;
  open();
  for (int i = 0; i < 100; ++i) ASSERT_OK(send({{fmt::format("own-{}", i), "value"}}));
  expect_compacted();
  roll();
  roll();
  EXPECT_FALSE(*compact());
  clock_.advance_ms(70'000);
  expect_compacted();
}

TEST_F(CompactionTest, RetentionAlsoDropsSegmentsWhereBothAreWanted) {
  config_.retention_bytes = 1;
  open();
  fill(60, 3);
  ASSERT_OK(enforce_retention());
  EXPECT_EQ(log_->start_offset(), 0) << "compaction alone";
  config_.cleanup = wire::CleanupPolicy::both;
  open();
  const auto compaction = log_->begin_compaction(log_->durable_end().offset, limits_);
  ASSERT_NE(compaction, nullptr);
  compaction->run();
  ASSERT_OK(enforce_retention());
  EXPECT_EQ(log_->start_offset(), 0) << "what a compaction reads stays until it is over";
  for (auto more = log_->next_step(*compaction); more.ok() && *more;
       more = log_->next_step(*compaction)) {
    if (log_->has_swap()) ASSERT_OK(log_->sync());
    compaction->run();
  }
  if (log_->has_swap()) ASSERT_OK(log_->sync());
  EXPECT_EQ(log_->start_offset(), log_->durable_end().segment_base);
}

// Invariant 7: nothing that is damaged gets a checksum that is right.
TEST_F(CompactionTest, ADamagedBatchEndsTheRoundAndStays) {
  fill(60, 3);
  auto& bytes = bytes_of(0);
  bytes[100] ^= 1;
  const auto before = bytes;
  EXPECT_FAILS_WITH(compact(), StorageErrc::corrupt);
  EXPECT_EQ(bytes_of(0), before);
  EXPECT_OK(send({{"key", "goes on"}}));
}

TEST_F(CompactionTest, ARoundThatIsStoppedLeavesTheLogAsItWas) {
  fill(60, 3);
  const auto before = files_.all_files();
  const auto compaction = log_->begin_compaction(log_->durable_end().offset, limits_);
  ASSERT_NE(compaction, nullptr);
  compaction->run();
  ASSERT_TRUE(*log_->next_step(*compaction));
  compaction->stop();
  compaction->run();
  EXPECT_FAILS_WITH(log_->next_step(*compaction), StorageErrc::stopped);
  EXPECT_EQ(files_.all_files(), before);
  expect_compacted();
}

}  // namespace
}  // namespace hailstorm::storage

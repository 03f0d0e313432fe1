#include "broker/storage/log.h"

#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::storage {
namespace {

class LogTest : public LogFixture {
 protected:
  void SetUp() override { open(); }
};

// Invariant 3.
TEST_F(LogTest, OffsetsStartAtZeroAndRiseByOne) {
  EXPECT_EQ(append({"a", "b"})->base_offset, 0);
  const auto second = append({"c"});
  EXPECT_EQ(second->base_offset, 2);
  EXPECT_EQ(second->last_offset, 2);
  EXPECT_EQ(log_->end().offset, 3);
}

// Invariant 14: nobody reads what a power cut could take back.
TEST_F(LogTest, NothingIsReadBeforeItIsDurable) {
  ASSERT_OK(append({"a"}));
  EXPECT_TRUE(log_->needs_sync());
  EXPECT_EQ(log_->durable_end().offset, 0);
  EXPECT_EQ(read_all(), Texts{});
  ASSERT_OK(log_->sync());
  EXPECT_FALSE(log_->needs_sync());
  EXPECT_EQ(log_->durable_end().offset, 1);
  EXPECT_EQ(read_all(), Texts{"a"});
}

// Invariant 14.
TEST_F(LogTest, AReadEndsBeforeWhatIsNotDurable) {
  ASSERT_TRUE(acked({"a"}));
  ASSERT_OK(append({"b"}));
  EXPECT_EQ(read(0, 1 << 20)->bytes.size(), batch_of({"a"}, 0).size());
}

TEST_F(LogTest, OneSyncCoversAllThatWaits) {
  ASSERT_OK(append({"a"}));
  ASSERT_OK(append({"b"}));
  LogSync sync = log_->start_sync();
  ASSERT_OK(append({"late"}));
  sync.run();
  ASSERT_OK(log_->finish_sync(sync));
  EXPECT_EQ(log_->durable_end().offset, 2);
  EXPECT_TRUE(log_->needs_sync());
  EXPECT_EQ(read_all(), (Texts{"a", "b"}));
}

// Invariant 4.
TEST_F(LogTest, ReadsTheSameAfterEachKindOfRestart) {
  const Texts all{"a", "b", "c", "d"};
  ASSERT_TRUE(acked({"a", "b"}));
  ASSERT_TRUE(acked({"c"}));
  ASSERT_TRUE(acked({"d"}));
  kill_and_open();
  EXPECT_EQ(read_all(), all);
  close_and_open();
  EXPECT_EQ(read_all(), all);
  ASSERT_TRUE(acked({"e"}));
  kill_and_open();
  EXPECT_EQ(read_from(3), (Texts{"d", "e"}));
}

// Invariants 1, 4: what a killed process had written is read from then on, so it must stay, also in
// a segment whose name was not durable yet.
TEST_F(LogTest, WhatIsReadAfterAKillSurvivesAPowerCut) {
  config_.segment_bytes = 1024;
  open();
  Texts all;
  for (const size_t bytes : {100u, 1000u}) {
    all.emplace_back(bytes, 'x');
    ASSERT_OK(append({all.back()}));
    kill_and_open();
    EXPECT_EQ(read_all(), all);
    log_.reset();
    files_.cut_power();
    open();
    EXPECT_EQ(read_all(), all);
  }
  EXPECT_EQ(segment_count(), 2u);
}

// Invariant 27: a batch is read whole or not at all, here and below.
TEST_F(LogTest, ReadsWholeBatchesFromTheOneThatHoldsTheOffset) {
  ASSERT_TRUE(acked({"a", "b", "c"}));
  const auto stored = read(1, 1 << 20);
  ASSERT_OK(stored);
  EXPECT_EQ(wire::RecordBatchView::parse(stored->bytes)->base_offset(), 0);
  EXPECT_EQ(read_from(1), (Texts{"b", "c"}));
}

TEST_F(LogTest, AReadReturnsAtMostMaxBytesButAlwaysOneBatch) {
  ASSERT_TRUE(acked({"a"}));
  ASSERT_TRUE(acked({"b"}));
  const auto batch_bytes = static_cast<int64_t>(batch_of({"a"}, 0).size());
  EXPECT_EQ(read(0, 2 * batch_bytes)->bytes.size(), 2 * batch_bytes);
  EXPECT_EQ(read(0, 2 * batch_bytes - 1)->bytes.size(), batch_bytes);
}

// Invariant 15.
TEST_F(LogTest, AnOversizedFirstBatchIsStillReturned) {
  ASSERT_TRUE(acked({std::string(5000, 'x')}));
  EXPECT_GT(read(0, 1)->bytes.size(), 5000u);
  EXPECT_GT(read(0, 0)->bytes.size(), 5000u);
}

// Invariant 13.
TEST_F(LogTest, AnOffsetOutsideTheLogIsOutOfRange) {
  ASSERT_TRUE(acked({"a"}));
  EXPECT_FAILS_WITH(read(-1, 100), StorageErrc::out_of_range);
  EXPECT_FAILS_WITH(read(2, 100), StorageErrc::out_of_range);
  EXPECT_TRUE(read(1, 100)->bytes.empty());
}

TEST_F(LogTest, ABatchThatIsNotAcceptableWritesNothing) {
  auto flipped = batch_of({"a"}, clock_.wall_ms());
  flipped.back() ^= 1;
  EXPECT_FAILS_WITH(append_bytes(flipped), wire::BatchErrc::bad_crc);

  auto longer = batch_of({"a"}, clock_.wall_ms());
  longer.push_back(0);
  EXPECT_FAILS_WITH(append_bytes(longer), StorageErrc::invalid);

  std::vector<uint8_t> nothing;
  EXPECT_FAILS_WITH(append_bytes(nothing), wire::BatchErrc::incomplete);
  EXPECT_FAILS_WITH(append_at(-2, {"a"}), StorageErrc::invalid_timestamp);
  EXPECT_FAILS_WITH(append_as(7, -1, 0, {"a"}), StorageErrc::invalid);
  EXPECT_FAILS_WITH(append_as(7, 0, -1, {"a"}), StorageErrc::invalid);
  EXPECT_FAILS_WITH(append_as(-1, -1, 0, {"a"}), StorageErrc::invalid);
  EXPECT_FAILS_WITH(append({std::string(static_cast<size_t>(config_.max_batch_bytes), 'x')}),
                    StorageErrc::too_large);
  EXPECT_EQ(log_->size_bytes(), 0);
  EXPECT_EQ(log_->end().offset, 0);
}

TEST_F(LogTest, RollsSegmentsAndReadsAcrossThem) {
  config_.segment_bytes = 300;
  open();
  Texts all;
  for (int i = 0; i < 40; ++i) {
    all.push_back("value-" + std::to_string(i));
    ASSERT_TRUE(acked({all.back()}));
  }
  EXPECT_GT(segment_count(), 10u);
  EXPECT_EQ(read_all(), all);
  close_and_open();
  EXPECT_EQ(read_all(), all);
  remove_checkpoint();
  kill_and_open();
  EXPECT_EQ(read_all(), all);
  EXPECT_EQ(read_from(17), Texts(all.begin() + 17, all.end()));
}

// Invariant 3: recovery could not read what stood beyond.
TEST_F(LogTest, ALogWhoseOffsetsAreUsedUpTakesNothing) {
  log_.reset();
  ASSERT_OK(files_.remove_folder(kFolder));
  ASSERT_OK(files_.create_folder(kFolder));
  const int64_t last = INT64_MAX - 2 * int64_t{INT32_MAX};
  ASSERT_OK(files_.open(path(last), FileSystem::Mode::create));
  open();
  ASSERT_TRUE(acked({"the last"}));
  EXPECT_FAILS_WITH(append({"one more"}), StorageErrc::invalid);
  kill_and_open();
  EXPECT_EQ(read_all(), Texts{"the last"});
}

TEST_F(LogTest, ABatchLargerThanASegmentHasOneForItself) {
  config_.segment_bytes = 300;
  open();
  const Texts all{"small", std::string(1000, 'x'), "after"};
  for (const auto& value : all) ASSERT_TRUE(acked({value}));
  EXPECT_EQ(read_all(), all);
  EXPECT_EQ(segment_count(), 3u);
}

TEST_F(LogTest, TakesNothingAfterClose) {
  ASSERT_TRUE(acked({"a"}));
  ASSERT_OK(log_->close());
  EXPECT_FAILS_WITH(append({"b"}), StorageErrc::stopped);
}

TEST_F(LogTest, FindsTheFirstRecordAtOrAfterATime) {
  config_.segment_bytes = 2000;
  open();
  const int64_t start_ms = clock_.wall_ms();
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(append_at(start_ms + i * 10, {"a", "b"}).ok());
  ASSERT_OK(log_->sync());
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 200; ++i) {
      const auto at = offset_at(start_ms + i * 10 - 5);
      ASSERT_OK(at);
      ASSERT_TRUE(at->has_value());
      EXPECT_EQ((*at)->offset, 2 * i);
      EXPECT_EQ((*at)->timestamp_ms, start_ms + i * 10);
    }
    EXPECT_FALSE(offset_at(start_ms + 1991)->has_value());
    EXPECT_EQ((*offset_at(0))->offset, 0);
    close_and_open();
  }
}

TEST_F(LogTest, FindsTheRecordInsideABatchByTime) {
  wire::RecordBatchBuilder builder;
  const int64_t start_ms = clock_.wall_ms();
  for (int i = 0; i < 5; ++i) builder.append(start_ms + i, std::nullopt, "v");
  auto bytes = builder.finish();
  ASSERT_OK(append_bytes(bytes));
  ASSERT_FALSE(offset_at(start_ms)->has_value());  // not durable yet
  ASSERT_OK(log_->sync());
  EXPECT_EQ((*offset_at(start_ms + 3))->offset, 3);
}

TEST_F(LogTest, FindsByTimeAlsoWhenTimesGoBack) {
  const int64_t start_ms = clock_.wall_ms();
  const std::string filler(600, 'x');
  std::vector<int64_t> times;
  for (int i = 0; i < 100; ++i) times.push_back(start_ms + (i * 37) % 100 * 10);
  for (const int64_t time : times) ASSERT_TRUE(append_at(time, {filler}).ok());
  ASSERT_OK(log_->sync());
  for (int64_t wanted = start_ms; wanted <= start_ms + 990; wanted += 7) {
    const auto first =
        std::find_if(times.begin(), times.end(), [&](int64_t time) { return time >= wanted; });
    EXPECT_EQ((*offset_at(wanted))->offset, first - times.begin()) << wanted - start_ms;
  }
}

}  // namespace
}  // namespace hailstorm::storage

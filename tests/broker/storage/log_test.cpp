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

TEST_F(LogTest, NeverReturnsMoreThanAskedForButOneBatch) {
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
TEST_F(LogTest, OutsideTheLogIsOutOfRange) {
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
  EXPECT_FAILS_WITH(append_at(-1, {"a"}), StorageErrc::invalid_timestamp);
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

// Invariants 3, 12: whatever is left of a segment that could not be made, the active one may grow
// past its offset.
TEST_F(LogTest, ASegmentThatFoundNoRoomIsNoObstacle) {
  config_.segment_bytes = 1024;
  int refused = 0;
  for (uint64_t n = 1; n < 16; ++n) {
    log_.reset();
    ASSERT_OK(files_.remove_folder(kFolder));
    open();
    Texts all{std::string(600, 'a')};
    ASSERT_TRUE(acked({all.back()}));
    files_.fail_nth((n + 1) / 2, Fault::no_space, 1 + n % 2);  // the call, or it and the next one
    const std::string large(700, 'b');
    if (append({large}).ok()) {
      all.push_back(large);
    } else if (log_->failure()->is(StorageErrc::no_space)) {
      ++refused;
    }
    files_.heal();
    if (acked({"small"})) all.push_back("small");
    const Status opened = try_open();
    ASSERT_TRUE(opened.ok()) << n << ": " << opened.error().message();
    ASSERT_OK(log_->sync());
    EXPECT_EQ(read_all(), all) << n;
    EXPECT_EQ(append({"next"})->base_offset, std::ssize(all)) << n;
  }
  EXPECT_GE(refused, 2);  // to make it and to empty it
}

// Invariant 67: what was not done for want of a descriptor is done when there is one.
TEST_F(LogTest, ARollThatFoundNoDescriptorIsDoneLater) {
  config_.segment_bytes = 1024;
  const std::string large(700, 'x');
  int refused = 0;
  for (uint64_t nth = 1; nth <= 6; ++nth) {
    log_.reset();
    ASSERT_OK(files_.remove_folder(kFolder));
    open();
    Texts all;
    ASSERT_OK(append({large}));
    ASSERT_OK(append({large}));  // in a segment whose name is not durable yet
    all = {large, large};
    files_.fail_nth(nth, Fault::no_descriptor);
    const auto appended = append({large});
    if (appended.ok()) all.push_back(large);
    if (!appended.ok()) {
      EXPECT_TRUE(appended.error().is(StorageErrc::out_of_resources)) << appended.error().message();
      EXPECT_TRUE(log_->failure().has_value());
      ++refused;
    }
    files_.heal();
    clock_.advance_ms(1'000);
    EXPECT_FALSE(log_->failure().has_value()) << nth;
    ASSERT_TRUE(acked({large})) << nth;
    all.push_back(large);
    EXPECT_EQ(read_all(), all);
    kill_and_open();
    EXPECT_EQ(read_all(), all) << nth;
  }
  EXPECT_GE(refused, 2);
}

// Invariant 67: the file was synced, and its folder could not be opened.
TEST_F(LogTest, ASyncThatFoundNoDescriptorIsDoneLater) {
  config_.segment_bytes = 1024;
  open();
  const std::string large(700, 'x');
  ASSERT_OK(append({large}));
  ASSERT_OK(append({large}));
  LogSync sync = log_->start_sync();
  files_.fail_nth(2, Fault::no_descriptor);
  sync.run();
  EXPECT_FAILS_WITH(sync.outcome(), StorageErrc::out_of_resources);
  EXPECT_FALSE(log_->finish_sync(sync).ok());
  files_.heal();
  EXPECT_LT(log_->durable_end().offset, 2);
  EXPECT_TRUE(log_->needs_sync());
  ASSERT_OK(log_->sync());
  EXPECT_EQ(log_->durable_end().offset, 2);
  files_.cut_power();
  open();
  EXPECT_EQ(read_all(), (Texts{large, large}));
}

// Invariant 10: what the disk does after an error is anybody's guess.
TEST_F(LogTest, AfterAFailedWriteOrSyncNothingIsTakenUntilARestart) {
  Texts all;
  for (const bool is_write : {true, false}) {
    all.push_back(is_write ? "first" : "second");
    ASSERT_TRUE(acked({all.back()}));
    if (!is_write) ASSERT_OK(append({"in doubt"}));
    files_.fail_nth(1, Fault::io);
    if (is_write) {
      EXPECT_FAILS_WITH(append({"refused"}), StorageErrc::io);
    } else {
      EXPECT_FAILS_WITH(log_->sync(), StorageErrc::io);
    }
    files_.heal();
    EXPECT_FALSE(log_->needs_sync());
    EXPECT_FAILS_WITH(append({"refused"}), StorageErrc::stopped);
    EXPECT_TRUE(log_->failure()->is(StorageErrc::io));
    EXPECT_EQ(log_->durable_end().offset, std::ssize(all));
    EXPECT_EQ(read_all(), all);
    kill_and_open();
  }
  all.push_back("in doubt");  // it had been written, and no power was lost
  EXPECT_EQ(read_all(), all);
  EXPECT_TRUE(acked({"next"}));
}

// Invariant 10: of two syncs of one file the kernel tells one alone of what it lost.
TEST_F(LogTest, AfterAFailedRollNoOtherSyncAcknowledgesAnything) {
  config_.segment_bytes = 1024;
  const std::string large(600, 'x');
  for (uint64_t nth = 1; nth <= 4; ++nth) {  // both syncs; making the next segment, emptying it
    log_.reset();
    ASSERT_OK(files_.remove_folder(kFolder));
    open();
    ASSERT_OK(append({large}));
    ASSERT_OK(append({large}));  // in a segment whose name is not durable yet
    LogSync sync = log_->start_sync();
    files_.fail_nth(nth, Fault::io);
    EXPECT_FAILS_WITH(append({large}), StorageErrc::io);
    files_.heal();
    EXPECT_FAILS_WITH(append({large}), StorageErrc::stopped);
    sync.run();
    ASSERT_OK(sync.outcome());
    EXPECT_FAILS_WITH(log_->finish_sync(sync), StorageErrc::io);
    EXPECT_EQ(log_->durable_end().offset, 0);
  }
}

// Invariant 10: a roll would make what is left of it the end of a whole segment.
TEST_F(LogTest, WhatCannotBeCutOffAgainStopsThePartition) {
  ASSERT_TRUE(acked({"a"}));
  files_.set_capacity(files_.used_bytes() + 50);
  files_.fail_nth(2, Fault::io);  // the cut, after the write that finds no room
  EXPECT_FAILS_WITH(append({std::string(100, 'b')}), StorageErrc::no_space);
  files_.heal();
  files_.set_capacity(std::nullopt);
  EXPECT_FAILS_WITH(append({"c"}), StorageErrc::stopped);
  kill_and_open();
  EXPECT_TRUE(acked({"c"}));
  EXPECT_EQ(read_all(), (Texts{"a", "c"}));
}

// Invariants 10, 12: whatever part of it reached the file, also where a roll makes that the end.
TEST_F(LogTest, AWriteThatFoundNoRoomLeavesNothingBehind) {
  config_.segment_bytes = 1024;
  for (uint64_t room = 0; room < 460; room += 20) {
    log_.reset();
    ASSERT_OK(files_.remove_folder(kFolder));
    open();
    const Texts all{std::string(300, 'a'), std::string(800, 'c')};
    ASSERT_TRUE(acked({all[0]}));
    files_.set_capacity(files_.used_bytes() + room);
    EXPECT_FAILS_WITH(append({std::string(400, 'b')}), StorageErrc::no_space);
    EXPECT_TRUE(log_->failure().has_value());
    files_.set_capacity(std::nullopt);
    ASSERT_TRUE(acked({all[1]}));
    EXPECT_FALSE(log_->failure().has_value());
    ASSERT_EQ(segment_count(), 2u);
    EXPECT_EQ(read_all(), all);
    const Status opened = try_open();
    ASSERT_TRUE(opened.ok()) << room << ": " << opened.error().message();
    EXPECT_EQ(read_all(), all) << room;
  }
}

// Invariant 11: a power cut takes any of the names that no sync of the folder covers.
TEST_F(LogTest, NoSegmentOutlivesTheNameOfTheOneBeforeIt) {
  config_.segment_bytes = 1024;
  for (uint64_t seed = 0; seed < 32; ++seed) {
    log_.reset();
    ASSERT_OK(files_.remove_folder(kFolder));
    open();
    ASSERT_TRUE(acked({"a"}));
    for (int i = 0; i < 3; ++i) ASSERT_OK(append({std::string(1000, 'x')}));
    ASSERT_EQ(segment_count(), 4u);
    log_.reset();
    files_.cut_power_reordered(seed);
    const Status opened = try_open();
    ASSERT_TRUE(opened.ok()) << seed << ": " << opened.error().message();
    EXPECT_EQ(read_all().front(), "a") << seed;
  }
}

// A sync that began before a roll must not let anyone read what it does not cover.
TEST_F(LogTest, ASyncAcrossARollCoversWhatWasThereWhenItBegan) {
  config_.segment_bytes = 200;
  open();
  ASSERT_OK(append({"before"}));
  LogSync sync = log_->start_sync();
  for (int i = 0; i < 6; ++i) ASSERT_OK(append({"after"}));
  ASSERT_GT(segment_count(), 2u);
  sync.run();
  ASSERT_OK(log_->finish_sync(sync));
  EXPECT_EQ(read_all(), Texts{"before"});
  ASSERT_OK(log_->sync());
  EXPECT_EQ(read_all().size(), 7u);
}

// Invariant 11: a sync that began before a segment was made tells nothing of that one's name.
TEST_F(LogTest, ASyncAcrossARollLeavesTheNewNameToTheNextOne) {
  config_.segment_bytes = 1024;
  for (uint64_t nth = 1; nth <= 8; ++nth) {  // of the next one's changes
    log_.reset();
    ASSERT_OK(files_.remove_folder(kFolder));
    open();
    Texts all{"before"};
    ASSERT_OK(append({all.back()}));
    LogSync sync = log_->start_sync();
    sync.run();
    all.emplace_back(1000, 'x');
    ASSERT_OK(append({all.back()}));
    ASSERT_EQ(segment_count(), 2u);
    ASSERT_OK(log_->finish_sync(sync));
    files_.fail_nth(nth, Fault::io);
    const bool is_acknowledged = log_->sync().ok();
    files_.heal();
    log_.reset();
    files_.cut_power();
    open();
    EXPECT_TRUE(!is_acknowledged || read_all() == all) << nth;
  }
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

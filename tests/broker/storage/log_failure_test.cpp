#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::storage {
namespace {

/// A log whose disk fails, fills or has no descriptor left in the middle of a write, roll or sync.
class LogFailureTest : public LogFixture {
 protected:
  void SetUp() override { open(); }
};

// Invariants 3, 12: whatever is left of a segment that could not be made, the active one may grow
// past its offset.
TEST_F(LogFailureTest, ASegmentThatFoundNoRoomLeavesNoFile) {
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
TEST_F(LogFailureTest, ARollThatFoundNoDescriptorIsDoneLater) {
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
TEST_F(LogFailureTest, ASyncThatFoundNoDescriptorIsDoneLater) {
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
TEST_F(LogFailureTest, AfterAFailedWriteOrSyncNothingIsTakenUntilARestart) {
  Texts all;
  for (const bool is_write : {true, false}) {
    all.push_back(is_write ? "first" : "second");
    ASSERT_TRUE(acked({all.back()}));
    if (!is_write) ASSERT_OK(append({"unknown outcome"}));
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
  all.push_back("unknown outcome");  // it had been written, and no power was lost
  EXPECT_EQ(read_all(), all);
  EXPECT_TRUE(acked({"next"}));
}

// Invariant 10: of two syncs of one file, the kernel reports to only one what it lost.
TEST_F(LogFailureTest, AfterAFailedRollNoOtherSyncAcknowledgesAnything) {
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
TEST_F(LogFailureTest, WhatCannotBeCutOffAgainStopsThePartition) {
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
TEST_F(LogFailureTest, AWriteThatFoundNoRoomLeavesNoBytes) {
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
TEST_F(LogFailureTest, NoSegmentOutlivesTheNameOfTheOneBeforeIt) {
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
TEST_F(LogFailureTest, ASyncAcrossARollCoversWhatWasThereWhenItBegan) {
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

// Invariant 11: a sync that began before a segment was made does not make that segment's name
// durable.
TEST_F(LogFailureTest, ASyncThatBeganBeforeARollDoesNotCoverTheNewSegment) {
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

}  // namespace
}  // namespace hailstorm::storage

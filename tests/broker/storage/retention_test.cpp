#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::storage {
namespace {

/// Invariant 13.
class RetentionTest : public LogFixture {
 protected:
  void SetUp() override {
    config_.segment_bytes = 1024;
    config_.retention_bytes = 3000;
    open();
  }
  void fill(int batches) {
    for (int i = 0; i < batches; ++i) ASSERT_TRUE(acked({std::string(300, 'x')}));
  }
};

TEST_F(RetentionTest, KeepsWhatIsConfiguredAndTheActiveSegment) {
  fill(60);
  ASSERT_OK(enforce_retention());
  EXPECT_GE(log_->size_bytes(), 3000);
  EXPECT_LT(log_->size_bytes(), 3000 + 1024);
  const int64_t start = log_->start_offset();
  EXPECT_FAILS_WITH(read(start - 1, 100), StorageErrc::out_of_range);
  ASSERT_OK(enforce_retention());
  EXPECT_EQ(log_->start_offset(), start);
  kill_and_open();
  EXPECT_EQ(log_->start_offset(), start);
}

TEST_F(RetentionTest, KeepsWhatIsNotOlderThanConfigured) {
  config_.retention_ms = 1000;
  config_.retention_bytes = -1;
  open();
  fill(10);
  clock_.advance_ms(1000);
  ASSERT_OK(enforce_retention());
  EXPECT_EQ(log_->start_offset(), 0);
  clock_.advance_ms(1);
  ASSERT_OK(enforce_retention());
  EXPECT_GT(log_->start_offset(), 0);
}

// Invariant 3: everything may be too old, and yet no offset is given again.
TEST_F(RetentionTest, DroppingEverythingThatIsOldGivesNoOffsetAgain) {
  config_.retention_ms = 1000;
  config_.retention_bytes = 0;
  open();
  fill(10);
  clock_.advance_ms(5000);
  ASSERT_OK(enforce_retention());
  EXPECT_GT(log_->start_offset(), 0);
  kill_and_open();
  EXPECT_EQ(append({"next"})->base_offset, 10);
}

TEST_F(RetentionTest, NeverDropsWhatIsNotDurable) {
  for (int i = 0; i < 20; ++i) ASSERT_OK(append({std::string(300, 'x')}));
  ASSERT_OK(enforce_retention());
  EXPECT_EQ(log_->start_offset(), 0);
}

TEST_F(RetentionTest, DropsWhatEndsBeforeAnOffsetByWholeSegments) {
  config_.retention_bytes = -1;
  open();
  fill(30);
  ASSERT_OK(log_->drop_before(10));
  const int64_t start = log_->start_offset();
  EXPECT_GT(start, 0);
  EXPECT_LE(start, 10);
  ASSERT_OK(log_->drop_before(1'000));
  EXPECT_LT(log_->start_offset(), log_->end().offset);
  kill_and_open();
  EXPECT_EQ(append({"next"})->base_offset, 30);
}

// Invariant 13: the start is durable before a segment goes, or none goes.
TEST_F(RetentionTest, AStartThatCannotBeMovedKeepsEverySegment) {
  fill(30);
  const size_t segments = segment_count();
  for (uint64_t nth = 1; nth <= 2; ++nth) {  // its writing, its sync
    files_.fail_nth(nth, Fault::io);
    EXPECT_FAILS_WITH(enforce_retention(), StorageErrc::io);
    files_.heal();
    EXPECT_EQ(segment_count(), segments);
    EXPECT_EQ(log_->start_offset(), 0);
    EXPECT_TRUE(acked({"goes on"}));
  }
  ASSERT_OK(enforce_retention());
  EXPECT_LT(log_->size_bytes(), 3000 + 1024);
}

// Invariant 13: the kill comes between the writing of the start and its sync; then the power is
// cut.
TEST_F(RetentionTest, AStartThatOnlyAKilledBrokerWroteIsMadeDurableByTheNext) {
  fill(30);
  files_.freeze_at(2);
  EXPECT_FAILS_WITH(enforce_retention(), StorageErrc::io);
  log_.reset();
  files_.heal();
  open();
  const int64_t start = log_->start_offset();
  EXPECT_GT(start, 0);
  EXPECT_FALSE(files_.exists(path(0)));
  log_.reset();
  files_.cut_power();
  ASSERT_OK(try_open());
  EXPECT_EQ(log_->start_offset(), start);
}

// Invariant 12: else a disk that is full would stay so.
TEST_F(RetentionTest, MakesRoomOnAFullDisk) {
  fill(30);
  files_.set_capacity(files_.used_bytes());
  ASSERT_OK(enforce_retention());
  EXPECT_LT(log_->size_bytes(), 3000 + 1024);
  EXPECT_TRUE(acked({"room again"}));
}

// What could not be removed is not read any more, and goes with the next round.
TEST_F(RetentionTest, WhatIsBeforeTheStartIsNotReadThoughItsFileStays) {
  fill(30);
  files_.fail_nth(3, Fault::io);  // the first removal
  EXPECT_FAILS_WITH(enforce_retention(), StorageErrc::io);
  files_.heal();
  const int64_t start = log_->start_offset();
  EXPECT_GT(start, 0);
  EXPECT_TRUE(files_.exists(path(0)));
  EXPECT_FAILS_WITH(read(start - 1, 100), StorageErrc::out_of_range);
  EXPECT_EQ((*offset_at(0))->offset, start);
  ASSERT_OK(enforce_retention());
  EXPECT_FALSE(files_.exists(path(0)));
  EXPECT_EQ(log_->start_offset(), start);
}

// One call fails; the next round comes to the same end, and what is left can be read.
TEST_F(RetentionTest, GoesOnAfterAnyFailedRemoval) {
  for (uint64_t n = 1; n < 8; ++n) {
    log_.reset();
    ASSERT_OK(files_.remove_folder(kFolder));
    open();
    fill(30);
    files_.fail_nth(n, Fault::io);
    static_cast<void>(enforce_retention().ok());
    ASSERT_TRUE(files_.has_failed());
    files_.heal();
    ASSERT_OK(enforce_retention());
    EXPECT_LT(log_->size_bytes(), 3000 + 1024) << n;
    EXPECT_EQ(std::ssize(read_all()), log_->end().offset - log_->start_offset()) << n;
  }
}

}  // namespace
}  // namespace hailstorm::storage

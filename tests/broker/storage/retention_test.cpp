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
  ASSERT_OK(log_->enforce_retention());
  EXPECT_GE(log_->size_bytes(), 3000);
  EXPECT_LT(log_->size_bytes(), 3000 + 1024);
  const int64_t start = log_->log_start_offset();
  EXPECT_FAILS_WITH(log_->read(start - 1, 100), StorageErrc::out_of_range);
  ASSERT_OK(log_->enforce_retention());
  EXPECT_EQ(log_->log_start_offset(), start);
  kill_and_open();
  EXPECT_EQ(log_->log_start_offset(), start);
}

TEST_F(RetentionTest, KeepsWhatIsNotOlderThanConfigured) {
  config_.retention_ms = 1000;
  config_.retention_bytes = -1;
  open();
  fill(10);
  clock_.advance_ms(1000);
  ASSERT_OK(log_->enforce_retention());
  EXPECT_EQ(log_->log_start_offset(), 0);
  clock_.advance_ms(1);
  ASSERT_OK(log_->enforce_retention());
  EXPECT_GT(log_->log_start_offset(), 0);
}

// Invariant 3: everything may be too old, and yet no offset is given again.
TEST_F(RetentionTest, DroppingEverythingThatIsOldGivesNoOffsetAgain) {
  config_.retention_ms = 1000;
  config_.retention_bytes = 0;
  open();
  fill(10);
  clock_.advance_ms(5000);
  ASSERT_OK(log_->enforce_retention());
  EXPECT_GT(log_->log_start_offset(), 0);
  kill_and_open();
  EXPECT_EQ(append({"next"})->base_offset, 10);
}

TEST_F(RetentionTest, NeverDropsWhatIsNotDurable) {
  for (int i = 0; i < 20; ++i) ASSERT_OK(append({std::string(300, 'x')}));
  ASSERT_OK(log_->enforce_retention());
  EXPECT_EQ(log_->log_start_offset(), 0);
}

TEST_F(RetentionTest, DropsWhatEndsBeforeAnOffsetByWholeSegments) {
  config_.retention_bytes = -1;
  open();
  fill(30);
  ASSERT_OK(log_->drop_before(10));
  const int64_t start = log_->log_start_offset();
  EXPECT_GT(start, 0);
  EXPECT_LE(start, 10);
  ASSERT_OK(log_->drop_before(1'000));
  EXPECT_LT(log_->log_start_offset(), log_->log_end_offset());
  kill_and_open();
  EXPECT_EQ(append({"next"})->base_offset, 30);
}

// Invariant 10: nobody knows what a failed sync left behind, here neither.
TEST_F(RetentionTest, AFailedSyncOfTheFolderStopsThePartition) {
  fill(30);
  files_.fail_nth(4, Fault::io);  // behind the removal of a segment's three files
  EXPECT_FAILS_WITH(log_->enforce_retention(), StorageErrc::io);
  files_.heal();
  EXPECT_FAILS_WITH(append({"refused"}), StorageErrc::stopped);
}

// One call fails; the next round comes to the same end, and what is left can be read.
TEST_F(RetentionTest, GoesOnAfterAnyFailedRemoval) {
  for (uint64_t n = 1; n < 8; ++n) {
    log_.reset();
    ASSERT_OK(files_.remove_folder(kFolder));
    open();
    fill(30);
    files_.fail_nth(n, Fault::io);
    static_cast<void>(log_->enforce_retention().ok());
    ASSERT_TRUE(files_.has_failed());
    files_.heal();
    if (log_->failure()) kill_and_open();  // a failed sync of the folder stops the partition
    ASSERT_OK(log_->enforce_retention());
    EXPECT_LT(log_->size_bytes(), 3000 + 1024) << n;
    EXPECT_EQ(std::ssize(read_all()), log_->log_end_offset() - log_->log_start_offset()) << n;
  }
}

}  // namespace
}  // namespace hailstorm::storage

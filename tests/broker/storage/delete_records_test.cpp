#include <fmt/format.h>

#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::storage {
namespace {

/// Invariant 83: a log that begins at a record, not where a segment or a batch does.
class DeleteRecordsTest : public LogFixture {
 protected:
  void SetUp() override {
    config_.segment_bytes = 1024;
    open();
    for (int i = 0; i < kBatches; ++i) {
      clock_.advance_ms(10);
      ASSERT_TRUE(acked({fmt::format("{:0>100}", 3 * i), fmt::format("{:0>100}", 3 * i + 1),
                         fmt::format("{:0>100}", 3 * i + 2)}));
    }
  }
  static constexpr int kBatches = 20;
  static constexpr int64_t kEnd = 3 * kBatches;

  /// The log begins there, and all from there on can be read.
  void expect_start(int64_t start, const std::string& when) {
    EXPECT_EQ(log_->start_offset(), start) << when;
    EXPECT_FAILS_WITH(read(start - 1, 100), StorageErrc::out_of_range);
    const Texts rest = read_all();
    ASSERT_EQ(std::ssize(rest), log_->end().offset - start) << when;
    if (start >= kEnd) return;
    EXPECT_EQ(std::stoi(rest.at(0)), start) << when;
  }
  int64_t first_base() const {
    for (const auto& [name, bytes] : files_.all_files())
      if (name.ends_with(file_names::kLog)) return std::stoll(file_names::last_part(name));
    return -1;
  }
};

TEST_F(DeleteRecordsTest, TheLogBeginsAtAnyRecordAlsoAfterAKillAStopAndAPowerCut) {
  for (int64_t start = 1; start < kEnd; start += 4) {
    ASSERT_OK(log_->delete_before(start));
    expect_start(start, "at once");
    kill_and_open();
    expect_start(start, "after a kill");
    close_and_open();
    expect_start(start, "after a stop");
    log_.reset();
    files_.cut_power();
    open();
    expect_start(start, "after a power cut");
  }
  EXPECT_GT(first_base(), 30);
}

TEST_F(DeleteRecordsTest, WithoutAnyRecordTheNextOneHasTheNextOffset) {
  ASSERT_OK(log_->delete_before(kEnd));
  expect_start(kEnd, "at once");
  EXPECT_EQ(log_->size_bytes(), 0);
  EXPECT_EQ(segment_count(), 1u);
  log_.reset();
  files_.cut_power();
  open();
  expect_start(kEnd, "after a power cut");
  EXPECT_EQ(append({"next"})->base_offset, kEnd);
}

TEST_F(DeleteRecordsTest, AnOffsetBelowTheStartChangesNothing) {
  ASSERT_OK(log_->delete_before(20));
  ASSERT_OK(log_->delete_before(7));
  expect_start(20, "after an older offset");
}

// What a power cut takes may not be what the start is said to be.
TEST_F(DeleteRecordsTest, TheStartIsNeverBeyondWhatIsDurable) {
  ASSERT_OK(append({"not synced"}));
  ASSERT_OK(append({"not synced"}));
  ASSERT_OK(log_->delete_before(kEnd + 1));
  log_.reset();
  files_.cut_power();
  open();
  EXPECT_EQ(log_->start_offset(), kEnd + 1);
  EXPECT_EQ(read_all(), Texts{"not synced"});
}

TEST_F(DeleteRecordsTest, RecordsOfATimeAreFoundFromTheStartOnOnly) {
  const int64_t last_ms = clock_.wall_ms();
  ASSERT_TRUE(append_at(last_ms + 1'000, {"young"}).ok());
  ASSERT_TRUE(append_at(last_ms - 1'000, {"old"}).ok());
  ASSERT_TRUE(append_at(last_ms + 500, {"in between"}).ok());
  ASSERT_OK(log_->sync());
  const auto found = [&](int64_t time_ms) { return offset_at(time_ms).value(); };
  ASSERT_OK(log_->delete_before(31));
  EXPECT_EQ(found(0)->offset, 31);
  EXPECT_EQ(found(last_ms + 1)->offset, kEnd);
  ASSERT_OK(log_->delete_before(kEnd + 1));
  EXPECT_EQ(found(0)->offset, kEnd + 1);
  EXPECT_EQ(found(last_ms)->offset, kEnd + 2);
  EXPECT_FALSE(found(last_ms + 501));
  EXPECT_EQ(log_->youngest(log_->durable_end()).value()->offset, kEnd + 2);
}

TEST_F(DeleteRecordsTest, RetentionGoesOnFromThere) {
  ASSERT_OK(log_->delete_before(10));
  config_.retention_bytes = 1'500;
  log_->apply(config_);
  ASSERT_OK(enforce_retention());
  const int64_t start = log_->start_offset();
  EXPECT_GT(start, 10);
  expect_start(start, "after retention");
  ASSERT_OK(log_->delete_before(start + 1));
  ASSERT_OK(enforce_retention());
  expect_start(start + 1, "retention does not take the start back");
}

TEST_F(DeleteRecordsTest, WhereverItDiesTheLogBeginsAtTheOldOrTheNewStart) {
  const std::vector<std::pair<int64_t, bool>> ends = {
      {25, false}, {25, true}, {kEnd, false}, {kEnd, true}};
  for (const auto& [start, is_power_cut] : ends) {
    uint64_t nth = 1;
    for (bool has_failed = true; has_failed; ++nth) {
      log_.reset();
      ASSERT_OK(files_.remove_folder(kFolder));
      SetUp();
      files_.freeze_at(nth);
      const bool is_deleted = log_->delete_before(start).ok();
      has_failed = files_.has_failed();
      log_.reset();
      files_.heal();
      if (is_power_cut) files_.cut_power();
      SCOPED_TRACE(fmt::format("start {}, call {}", start, nth));
      ASSERT_OK(try_open());
      const bool is_new = log_->start_offset() == start;
      EXPECT_TRUE(is_new || (!is_deleted && log_->start_offset() == 0)) << "call " << nth;
      expect_start(log_->start_offset(), fmt::format("start {}, call {}", start, nth));
      EXPECT_EQ(log_->end().offset, kEnd);
    }
    EXPECT_GT(nth, 3u);
  }
}

// Also where a segment from before the start is there again, and nothing else names the missing
// one.
TEST_F(DeleteRecordsTest, TheSegmentThatHoldsTheStartIsMissed) {
  std::vector<int64_t> bases;
  for (const auto& [name, bytes] : files_.all_files())
    if (name.ends_with(file_names::kLog)) bases.push_back(std::stoll(file_names::last_part(name)));
  const int64_t last = bases.back();
  const int64_t before = bases.at(bases.size() - 2);
  const std::vector<uint8_t> earlier = bytes_of(before);
  ASSERT_OK(log_->delete_before(last + 1));
  log_.reset();
  for (const auto& name : {file_names::kCheckpoint, file_names::kRecoveryPoint})
    static_cast<void>(files_.remove(std::string(kFolder) + "/" + std::string(name)).ok());
  ASSERT_OK(files_.remove(path(last)));
  EXPECT_FAILS_WITH(try_open(), StorageErrc::corrupt);
  const auto file = files_.open(path(before), FileSystem::Mode::create);
  ASSERT_OK(file);
  ASSERT_OK((*file)->write_at(0, earlier));
  EXPECT_FAILS_WITH(try_open(), StorageErrc::corrupt);
}

TEST_F(DeleteRecordsTest, OneDamagedLineOfTheStartMakesNoDifference) {
  ASSERT_OK(log_->delete_before(31));
  log_.reset();
  auto* file = files_.contents(std::string(kFolder) + "/" + std::string(file_names::kPartition));
  ASSERT_NE(file, nullptr);
  file->back() ^= 1;
  open();
  expect_start(31, "with one line");
}

}  // namespace
}  // namespace hailstorm::storage

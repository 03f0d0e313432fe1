#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::storage {
namespace {

constexpr int64_t kHourMs = int64_t{3600} * 1000;
constexpr int64_t kDayMs = 24 * kHourMs;
constexpr int64_t kYearMs = 365 * kDayMs;

/// The wall clock is set while the broker runs, or while it is down.
class ClockJumpTest : public LogFixture {
 protected:
  void SetUp() override {
    config_.segment_bytes = 1024;
    files_.set_wall_ms(clock_.wall_ms());
    open();
  }
  void write(int batches) {
    for (int i = 0; i < batches; ++i) {
      files_.set_wall_ms(clock_.wall_ms());
      values_.push_back(std::to_string(values_.size()) + std::string(200, 'x'));
      ASSERT_TRUE(acked({values_.back()}));
    }
  }

  Texts values_;
};

// Invariants 3, 4: order is by offset, whatever the time says.
TEST_F(ClockJumpTest, EveryRecordStaysAtItsOffset) {
  for (const int64_t jump_ms : {9 * kYearMs, -18 * kYearMs, 30 * kYearMs, -40 * kYearMs}) {
    write(10);
    clock_.jump_wall_ms(jump_ms);
    ASSERT_OK(enforce_retention());
    EXPECT_EQ(read_all(), values_) << jump_ms;
    kill_and_open();
    EXPECT_EQ(read_all(), values_) << jump_ms;
    close_and_open();
    EXPECT_EQ(read_all(), values_) << jump_ms;
  }
  write(1);
  EXPECT_EQ(log_->end().offset, 41);
}

TEST_F(ClockJumpTest, ATimeLeadsToTheFirstRecordThatIsNotOlder) {
  const int64_t start_ms = clock_.wall_ms();
  write(10);
  clock_.jump_wall_ms(kYearMs);
  write(10);
  clock_.jump_wall_ms(-kYearMs);
  write(10);
  EXPECT_EQ((*offset_at(start_ms))->offset, 0);
  EXPECT_EQ((*offset_at(start_ms + 1))->offset, 10);
  EXPECT_FALSE(offset_at(start_ms + kYearMs + 1)->has_value());
}

// What a right clock gives is far ahead to one that was set back.
TEST_F(ClockJumpTest, WhatIsTooFarAheadOfAClockThatWasSetBackIsRefusedByName) {
  const int64_t right_ms = clock_.wall_ms();
  write(1);
  clock_.jump_wall_ms(-2 * kHourMs);
  const auto refused = append_at(right_ms, {"from a right clock"});
  EXPECT_FAILS_WITH(refused, StorageErrc::invalid_timestamp);
  EXPECT_NE(refused.error().message().find("an hour ahead"), std::string::npos);
  EXPECT_EQ(read_all(), values_);
  clock_.jump_wall_ms(2 * kHourMs);
  write(1);
  EXPECT_EQ(log_->end().offset, 2);
}

// Invariant 13: only what was to be removed by its age, and no offset is given again.
TEST_F(ClockJumpTest, RetentionByAgeBelievesTheWallClock) {
  config_.retention_ms = 7 * kDayMs;
  open();
  write(20);
  clock_.jump_wall_ms(-kYearMs);
  ASSERT_OK(enforce_retention());
  EXPECT_EQ(log_->start_offset(), 0);
  clock_.jump_wall_ms(kYearMs + 6 * kDayMs);
  ASSERT_OK(enforce_retention());
  EXPECT_EQ(log_->start_offset(), 0);
  clock_.jump_wall_ms(2 * kDayMs);
  ASSERT_OK(enforce_retention());
  EXPECT_GT(log_->start_offset(), 0);
  EXPECT_EQ(log_->end().offset, 20);
  EXPECT_EQ(read_from(19), Texts{values_.back()});
}

TEST_F(ClockJumpTest, ATimeUpToAnHourAheadIsTaken) {
  for (const int64_t ahead_ms : {int64_t{0}, kHourMs}) {
    ASSERT_OK(append_at(clock_.wall_ms() + ahead_ms, {"a"}));
    EXPECT_FAILS_WITH(append_at(clock_.wall_ms() + kHourMs + 1 + ahead_ms, {"a"}),
                      StorageErrc::invalid_timestamp);
  }
  ASSERT_OK(append_at(0, {"1970"}));
  for (const int64_t time : {int64_t{-2}, INT64_MIN, INT64_MAX})
    EXPECT_FAILS_WITH(append_at(time, {"a"}), StorageErrc::invalid_timestamp);
  EXPECT_EQ(log_->end().offset, 3);
}

// Invariant 13. Such a time stands in a log of an older program or of Kafka, or the broker's clock
// was wrong when it took the record.
TEST_F(ClockJumpTest, ARecordFromTheFutureKeepsNoSegmentFromRetention) {
  config_.retention_ms = 7 * kDayMs;
  for (const int64_t ahead_ms : {2 * kHourMs, kYearMs, 100 * kYearMs}) {
    log_.reset();
    if (files_.exists(kFolder)) ASSERT_OK(files_.remove_folder(kFolder));
    values_.clear();
    open();
    write(3);
    clock_.jump_wall_ms(ahead_ms);
    ASSERT_TRUE(acked({"from the future"}));  // its file keeps the right time
    clock_.jump_wall_ms(-ahead_ms);
    write(20);
    clock_.jump_wall_ms(7 * kDayMs);
    ASSERT_OK(enforce_retention());
    EXPECT_EQ(log_->start_offset(), 0) << ahead_ms;
    clock_.jump_wall_ms(2 * kHourMs + 1);
    for (const bool is_restarted : {false, true}) {
      if (is_restarted) close_and_open();
      ASSERT_OK(enforce_retention());
      EXPECT_GT(log_->start_offset(), 15) << ahead_ms;
    }
  }
}

// Invariant 13: the files of that time are from the future, too, but not those that came after it.
TEST_F(ClockJumpTest, RecordsOfAClockThatWasAheadExpireAfterItWasSetBack) {
  config_.retention_ms = 7 * kDayMs;
  open();
  clock_.jump_wall_ms(kYearMs);
  write(20);
  clock_.jump_wall_ms(-kYearMs);
  write(1);
  ASSERT_OK(enforce_retention());
  EXPECT_EQ(log_->start_offset(), 0);
  clock_.jump_wall_ms(7 * kDayMs + 1);
  ASSERT_OK(enforce_retention());
  EXPECT_GT(log_->start_offset(), 10);
}

// Kafka writes -1 where a client gave no time.
TEST_F(ClockJumpTest, ARecordWithoutATimeExpiresByTheTimeOfItsFile) {
  config_.retention_ms = 7 * kDayMs;
  write(3);
  auto batch = batch_of({"no time"}, -1);
  wire::stamp(batch, 3, 0);
  log_.reset();
  auto& log = bytes_of(0);
  log.clear();
  for (int64_t i = 0; i < 4; ++i) {
    wire::stamp(batch, i, 0);
    log.insert(log.end(), batch.begin(), batch.end());
  }
  for (const auto name : {file_names::kCheckpoint, file_names::kRecoveryPoint}) {
    const std::string file = std::string(kFolder) + "/" + std::string(name);
    if (files_.exists(file)) ASSERT_OK(files_.remove(file));
  }
  open();
  write(20);
  ASSERT_OK(enforce_retention());
  EXPECT_EQ(log_->start_offset(), 0);
  clock_.jump_wall_ms(8 * kDayMs);
  ASSERT_OK(enforce_retention());
  EXPECT_GT(log_->start_offset(), 0);
}

// Invariants 18, 19: a producer is forgotten by a clock that cannot jump.
TEST_F(ClockJumpTest, ABatchThatIsSentAgainIsKnownAcrossTheJump) {
  const auto expect_known = [&](const char* when) {
    ASSERT_OK(enforce_retention());
    const auto again = append_as(7, 0, 0, {"once"});
    ASSERT_OK(again);
    EXPECT_TRUE(again->duplicate) << when;
  };
  ASSERT_OK(append_as(7, 0, 0, {"once"}));
  ASSERT_OK(log_->sync());
  for (const int64_t jump_ms : {10 * kYearMs, -20 * kYearMs, 10 * kYearMs}) {
    clock_.jump_wall_ms(jump_ms);
    expect_known("while it runs");
    clock_.jump_wall_ms(jump_ms);
    kill_and_open();
    expect_known("over a kill");
    clock_.jump_wall_ms(jump_ms);
    close_and_open();
    clock_.jump_wall_ms(jump_ms);
    expect_known("over a clean stop");
  }
  EXPECT_EQ(log_->end().offset, 1);
}

}  // namespace
}  // namespace hailstorm::storage

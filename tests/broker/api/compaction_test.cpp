#include <filesystem>

#include "broker/groups/offsets_schema.h"
#include "tests/broker/api/broker_fixture.h"

namespace hailstorm::broker {
namespace {

using wire::ErrorCode;

constexpr int64_t kSegmentBytes = 4096;

/// Invariant 39: the groups' topic is compacted, and gives the same groups before and after.
class CompactionTest : public BrokerFixture {
 protected:
  CompactionTest() {
    broker_.reset();
    topics_.reset();
    std::filesystem::remove_all(folder_.path());
    std::filesystem::create_directories(folder_.path());
    open(options());
    create("rides");
    produce_many("rides", 10'000);
    epoch_ = heartbeat(wire::kJoinEpoch).member_epoch;
  }

  Partition& log() { return *topics_->partition({groups::kOffsetsTopic, 0}); }
  void commit_until_compaction_is_due() {
    while (log().size_bytes() < 2 * kSegmentBytes) {
      const auto id = commit(epoch_, ++last_);
      sync();
      ASSERT_EQ(code<wire::OffsetCommitReply>(id), ErrorCode::none);
    }
  }
  void let_time_pass() {
    clock_.advance_ms(5'000);
    broker_->tick();
  }
  /// The member is known, and its epoch is the one it had.
  bool is_member() { return heartbeat(epoch_).outcome.code == ErrorCode::none; }

  static BrokerOptions options() {
    BrokerOptions small;
    small.offsets_segment_bytes = kSegmentBytes;
    return small;
  }

  int32_t epoch_ = 0;
  int64_t last_ = 0;
};

TEST_F(CompactionTest, WhatIsSupersededGoesAndTheRestSurvivesAKill) {
  for (int round = 1; round <= 5; ++round) {
    const int64_t start = log().log_start_offset();
    commit_until_compaction_is_due();
    let_time_pass();
    sync();
    EXPECT_GT(log().log_start_offset(), start);
    EXPECT_LT(log().size_bytes(), 2 * kSegmentBytes);
    EXPECT_EQ(committed(), last_);
    reopen(options());
    EXPECT_EQ(committed(), last_);
    EXPECT_TRUE(is_member());
  }
}

// Invariant 39: what is written anew goes in batches of 1 MiB: none of them may be forgotten.
TEST_F(CompactionTest, WhatTakesSeveralBatchesIsWholeToo) {
  wire::OffsetCommitRequest by_hand;
  by_hand.offsets.emplace_back();
  by_hand.offsets[0].id = {"rides", 0};
  by_hand.offsets[0].metadata.assign(4'096, 'x');
  const auto group = [](int number) { return std::string("g").append(std::to_string(number)); };
  constexpr int kGroups = 600;
  for (int i = 0; i < kGroups; ++i) {
    by_hand.group = group(i);
    by_hand.offsets[0].offset = i;
    send(wire::Api::offset_commit, by_hand);
  }
  sync();
  let_time_pass();
  sync();
  ASSERT_GT(log().log_start_offset(), 0);
  reopen(options());
  for (int i = 0; i < kGroups; ++i) ASSERT_EQ(committed(group(i)), i);
}

TEST_F(CompactionTest, NothingGoesBeforeItsSuccessorIsDurable) {
  commit_until_compaction_is_due();
  const int64_t bytes = log().size_bytes();
  let_time_pass();
  EXPECT_GT(log().size_bytes(), bytes);
  EXPECT_EQ(log().log_start_offset(), 0);
  reopen(options());
  EXPECT_EQ(committed(), last_);
  EXPECT_TRUE(is_member());
}

TEST_F(CompactionTest, WhatCouldNotBeReadIsLeftAlone) {
  commit_until_compaction_is_due();
  wire::RecordBatchBuilder builder;
  builder.append(1'000,
                 groups::encode(groups::RecordKey{.kind = groups::RecordKind::offset_commit,
                                                  .group = "payment",
                                                  .topic = "rides",
                                                  .partition = 0,
                                                  .member_id = {}}),
                 "no value of this kind");
  std::vector<uint8_t> unreadable = builder.finish();
  ASSERT_OK(log().append(unreadable));
  ASSERT_OK(log().sync_now());
  reopen(options());
  ASSERT_TRUE(health_.not_ready_reason().has_value());
  const int64_t end = log().log_end_offset();
  let_time_pass();
  sync();
  EXPECT_EQ(log().log_start_offset(), 0);
  EXPECT_EQ(log().log_end_offset(), end);
}

}  // namespace
}  // namespace hailstorm::broker

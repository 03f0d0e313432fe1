#include "common/log/hailstorm/offset_commits.h"

#include <gtest/gtest.h>

#include "tests/support/matchers.h"

namespace hailstorm::log::hail {
namespace {

using wire::ErrorCode;

const Position kAt5{{"rides", 0}, 5, {}};
const Position kAt7{{"rides", 0}, 7, {}};
const Position kOther{{"rides", 1}, 3, {}};
constexpr int32_t kEpoch = 4;

/// A consumer's commits, and a broker that is the test.
class OffsetCommitsTest : public ::testing::Test {
 protected:
  std::optional<Error> answer(const OffsetCommits::Commit& commit, ErrorCode code) {
    return commits_.on_reply(commit, {code, "so the broker says"}, now_ms_);
  }

  OffsetCommits commits_;
  int64_t now_ms_ = 1'000;
};

TEST_F(OffsetCommitsTest, OneIsRequestedAtATimeAndInOrder) {
  const auto first = commits_.add({kAt5}, kEpoch);
  const auto second = commits_.add({kAt7}, kEpoch);
  EXPECT_EQ(commits_.start_request(now_ms_), first);
  EXPECT_EQ(commits_.start_request(now_ms_), nullptr);
  EXPECT_FALSE(answer(first, ErrorCode::none));
  EXPECT_OK(*first->result);
  EXPECT_EQ(commits_.start_request(now_ms_), second);
}

TEST_F(OffsetCommitsTest, PositionsThatNobodyWaitsForJoinTheCommitThatWasNotRequested) {
  commits_.add_soon({kAt5, kOther}, kEpoch);
  commits_.add_soon({kAt7}, kEpoch);
  ASSERT_EQ(commits_.size(), 1U);
  const auto commit = commits_.start_request(now_ms_);
  ASSERT_EQ(commit->positions.size(), 2U);
  EXPECT_EQ(commit->positions[1].offset, 7);
  commits_.add_soon({kAt5}, kEpoch);
  EXPECT_EQ(commits_.size(), 2U) << "the first is under way";
}

// Invariant 29: what was handled before a rebalance or a rewind is not committed as if after it.
TEST_F(OffsetCommitsTest, ACommitIsOfTheEpochInWhichItWasMadeHoweverLateItIsSent) {
  commits_.add_soon({kAt7}, kEpoch);
  commits_.add_soon({kAt5}, kEpoch + 1);
  ASSERT_EQ(commits_.size(), 2U) << "they do not join";
  const auto first = commits_.start_request(now_ms_);
  EXPECT_EQ(first->epoch, kEpoch);
  EXPECT_EQ(first->positions[0].offset, 7);
  EXPECT_TRUE(answer(first, ErrorCode::stale_member_epoch));
  EXPECT_EQ(commits_.start_request(now_ms_)->epoch, kEpoch + 1);
}

TEST_F(OffsetCommitsTest, AFailureIsForTheCallerThatWaitsOrElseForTheNextPoll) {
  const auto awaited = commits_.add({kAt5}, kEpoch);
  (void)commits_.start_request(now_ms_);
  EXPECT_FALSE(answer(awaited, ErrorCode::stale_member_epoch));
  EXPECT_FAILS_WITH(*awaited->result, LogErrc::fenced);
  commits_.add_soon({kAt5}, kEpoch);
  const auto error = answer(commits_.start_request(now_ms_), ErrorCode::stale_member_epoch);
  ASSERT_TRUE(error);
  EXPECT_TRUE(error->is(LogErrc::fenced));
}

TEST_F(OffsetCommitsTest, ARetriableErrorIsRequestedAgainAfterAPause) {
  const auto commit = commits_.add({kAt5}, kEpoch);
  (void)commits_.start_request(now_ms_);
  EXPECT_FALSE(answer(commit, ErrorCode::coordinator_load_in_progress));
  EXPECT_EQ(commits_.start_request(now_ms_), nullptr);
  EXPECT_GT(commits_.next_due_ms(), now_ms_);
  EXPECT_EQ(commits_.start_request(commits_.next_due_ms()), commit);
}

TEST_F(OffsetCommitsTest, AfterALostConnectionTheCommitIsRequestedAgain) {
  const auto commit = commits_.add({kAt5}, kEpoch);
  (void)commits_.start_request(now_ms_);
  commits_.on_connection_lost();
  EXPECT_EQ(commits_.start_request(now_ms_), commit);
}

TEST_F(OffsetCommitsTest, AnAnswerToACommitThatFailedAlreadyIsDropped) {
  const auto commit = commits_.add({kAt5}, kEpoch);
  (void)commits_.start_request(now_ms_);
  commits_.fail_all(Error(LogErrc::fenced, "evicted"));
  EXPECT_FALSE(answer(commit, ErrorCode::none));
  EXPECT_FAILS_WITH(*commit->result, LogErrc::fenced);
  EXPECT_EQ(commits_.size(), 0U);
}

}  // namespace
}  // namespace hailstorm::log::hail

#include "common/log/hailstorm/membership.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "tests/support/matchers.h"

namespace hailstorm::log::hail {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wire::ErrorCode;

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

ConsumerOptions options(const std::string& instance = "") {
  ConsumerOptions made;
  made.group = "payment";
  made.instance_id = instance;
  made.session_timeout_ms = 3'000;
  made.max_poll_interval_ms = 40'000;
  return made;
}

/// One member, and a coordinator that is the test.
class MembershipTest : public ::testing::Test {
 protected:
  Membership::Change assign(int32_t epoch, const std::vector<int32_t>& assignment) {
    wire::GroupHeartbeatReply reply;
    reply.member_epoch = epoch;
    reply.heartbeat_interval_ms = 500;
    for (const int32_t partition : assignment) reply.assignment.push_back({"rides", partition});
    (void)member_.heartbeat();
    return member_.on_reply(reply, now_ms_);
  }
  Membership::Change refused(ErrorCode code) {
    (void)member_.heartbeat();
    wire::GroupHeartbeatReply reply;
    reply.outcome = {code, "no"};
    return member_.on_reply(reply, now_ms_);
  }
  template <class Ids>
  static std::vector<int32_t> numbers(const Ids& ids) {
    std::vector<int32_t> all;
    for (const auto& id : ids) all.push_back(id.partition);
    return all;
  }
  std::vector<int32_t> said_to_own() {
    std::vector<int32_t> all;
    for (const auto& id : member_.heartbeat().owned) all.push_back(id.partition);
    member_.on_connection_lost();
    return all;
  }

  Membership member_{options(), {"rides"}, "m-1"};
  int64_t now_ms_ = 1'000;
};

TEST_F(MembershipTest, TheFirstHeartbeatSaysAllThatTheGroupMustKnow) {
  const auto request = member_.heartbeat();
  EXPECT_EQ(request.group, "payment");
  EXPECT_EQ(request.member_id, "m-1");
  EXPECT_EQ(request.member_epoch, wire::kJoinEpoch);
  EXPECT_EQ(request.session_timeout_ms, 3'000);
  EXPECT_EQ(request.rebalance_timeout_ms, 40'000) << "partitions are revoked in a poll";
  EXPECT_THAT(request.topics, ElementsAre("rides"));
  EXPECT_THAT(request.owned, IsEmpty());
}

TEST_F(MembershipTest, OneHeartbeatIsPendingAtATime) {
  EXPECT_LE(member_.next_due_ms(), now_ms_);
  (void)member_.heartbeat();
  EXPECT_EQ(member_.next_due_ms(), kNever);
  member_.on_connection_lost();
  EXPECT_LE(member_.next_due_ms(), now_ms_) << "lost: said again at once";
}

TEST_F(MembershipTest, AnAssignmentIsConfirmedAtOnceAndThenWithEachHeartbeat) {
  EXPECT_THAT(numbers(assign(1, {0, 1}).assigned), ElementsAre(0, 1));
  EXPECT_EQ(member_.state(), Membership::State::member);
  EXPECT_EQ(member_.epoch(), 1);
  EXPECT_EQ(member_.next_due_ms(), now_ms_);
  EXPECT_THAT(said_to_own(), ElementsAre(0, 1));
  EXPECT_THAT(assign(1, {0, 1}).assigned, IsEmpty());
  EXPECT_EQ(member_.next_due_ms(), now_ms_ + 500);
}

// Invariant 28: a partition to revoke stays owned until nobody works on it any more.
TEST_F(MembershipTest, ARevokedPartitionIsOwnedUntilItIsReleased) {
  (void)assign(1, {0, 1});
  EXPECT_THAT(numbers(assign(1, {0}).to_revoke), ElementsAre(1));
  EXPECT_THAT(assign(1, {0}).to_revoke, IsEmpty()) << "reported once";
  EXPECT_THAT(said_to_own(), ElementsAre(0, 1));
  member_.release({{"rides", 1}});
  EXPECT_LE(member_.next_due_ms(), now_ms_) << "another waits for it";
  EXPECT_THAT(said_to_own(), ElementsAre(0));
  EXPECT_THAT(numbers(assign(2, {0, 1}).assigned), ElementsAre(1)) << "and may come back";
}

// Invariant 4: two ids are two topics, also under one name.
TEST_F(MembershipTest, APartitionOfATopicThatWasMadeAgainIsAssignedWhenTheOldOneIsReleased) {
  const Uuid old_id{{1}};
  const Uuid new_id{{2}};
  const auto hears = [&](const Uuid& topic_id) {
    wire::GroupHeartbeatReply reply;
    reply.member_epoch = 1;
    reply.assignment = {{"rides", 0, topic_id}};
    (void)member_.heartbeat();
    return member_.on_reply(reply, now_ms_);
  };
  EXPECT_THAT(numbers(hears(old_id).assigned), ElementsAre(0));
  const auto change = hears(new_id);
  EXPECT_THAT(change.assigned, IsEmpty());
  EXPECT_THAT(numbers(change.to_revoke), ElementsAre(0));
  EXPECT_EQ(member_.heartbeat().owned.at(0).topic_id, old_id);
  member_.on_connection_lost();
  member_.release({{"rides", 0}});
  EXPECT_THAT(numbers(hears(new_id).assigned), ElementsAre(0));
  EXPECT_EQ(member_.heartbeat().owned.at(0).topic_id, new_id);
}

// Invariant 33.
TEST_F(MembershipTest, AFencedMemberJoinsAgainOwningNothing) {
  for (const auto code : {ErrorCode::unknown_member_id, ErrorCode::fenced_member_epoch}) {
    (void)assign(5, {0, 1});
    const auto change = refused(code);
    EXPECT_FALSE(change.error) << "the next poll says so";
    EXPECT_EQ(member_.state(), Membership::State::lost);
    EXPECT_EQ(member_.next_due_ms(), kNever) << "until the caller knows";
    member_.rejoin();
    EXPECT_EQ(member_.state(), Membership::State::joining);
    EXPECT_LE(member_.next_due_ms(), now_ms_);
    EXPECT_THAT(said_to_own(), IsEmpty());
    EXPECT_EQ(member_.heartbeat().member_epoch, wire::kJoinEpoch);
    member_.on_connection_lost();
  }
}

// Invariant 31: a coordinator that is still loading is no reason to give anything up.
TEST_F(MembershipTest, ARetriableErrorKeepsTheMembership) {
  (void)assign(1, {0});
  for (const auto code : {ErrorCode::coordinator_load_in_progress, ErrorCode::disk_full,
                          ErrorCode::shutting_down, ErrorCode::out_of_resources}) {
    EXPECT_FALSE(refused(code).error);
    EXPECT_EQ(member_.state(), Membership::State::member);
    EXPECT_GT(member_.next_due_ms(), now_ms_);
    EXPECT_LT(member_.next_due_ms(), now_ms_ + 1'000);
    EXPECT_THAT(said_to_own(), ElementsAre(0));
  }
}

// Invariant 31: the broker cannot read or write its groups, which is no reason to leave.
TEST_F(MembershipTest, AClosedOffsetsTopicIsReportedAndNothingIsLost) {
  (void)assign(1, {0});
  const auto change = refused(ErrorCode::storage_error);
  ASSERT_TRUE(change.error);
  EXPECT_TRUE(change.error->is(LogErrc::storage_error));
  EXPECT_EQ(member_.state(), Membership::State::member);
  EXPECT_EQ(member_.next_due_ms(), now_ms_ + 1'000);
  EXPECT_THAT(said_to_own(), ElementsAre(0));
}

TEST_F(MembershipTest, ARefusalIsReportedAndTriedAgainLater) {
  const auto change = refused(ErrorCode::group_max_size_reached);
  ASSERT_TRUE(change.error);
  EXPECT_TRUE(change.error->is(LogErrc::refused));
  EXPECT_EQ(member_.next_due_ms(), now_ms_ + 1'000);
}

// Invariant 35.
TEST_F(MembershipTest, AMemberWhoseInstanceIdIsTakenAsksUntilItIsFree) {
  (void)assign(5, {0});
  EXPECT_FALSE(refused(ErrorCode::fenced_instance_id).error) << "every poll says so";
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(member_.state(), Membership::State::replaced);
    EXPECT_GT(member_.next_due_ms(), now_ms_);
    EXPECT_LE(member_.next_due_ms(), now_ms_ + 500);
    now_ms_ = member_.next_due_ms();
    EXPECT_THAT(said_to_own(), IsEmpty());
    EXPECT_EQ(member_.heartbeat().member_epoch, 5) << "a join would take it from the other";
    member_.on_connection_lost();
    (void)refused(ErrorCode::fenced_instance_id);
  }
  EXPECT_EQ(member_.next_due_ms(), now_ms_ + 500) << "no more often than that";
  (void)refused(ErrorCode::coordinator_load_in_progress);
  EXPECT_EQ(member_.state(), Membership::State::replaced);
  (void)refused(ErrorCode::unknown_member_id);
  EXPECT_EQ(member_.state(), Membership::State::lost);
  member_.rejoin();
  EXPECT_EQ(member_.heartbeat().member_epoch, wire::kJoinEpoch);
}

TEST_F(MembershipTest, AMemberThatLeftIgnoresAnswers) {
  (void)assign(1, {0});
  EXPECT_EQ(member_.leave().member_epoch, wire::kLeaveEpoch);
  EXPECT_EQ(member_.state(), Membership::State::lost);
  EXPECT_EQ(member_.next_due_ms(), kNever);
  EXPECT_THAT(assign(2, {0, 1}).assigned, IsEmpty());
  EXPECT_EQ(member_.state(), Membership::State::lost);
}

TEST_F(MembershipTest, AStaticMemberLeavesForAMoment) {
  Membership member(options("first"), {"rides"}, "m-1");
  EXPECT_EQ(member.leave().member_epoch, wire::kLeaveStaticEpoch);
  EXPECT_EQ(member.leave().instance_id, "first");
}

}  // namespace
}  // namespace hailstorm::log::hail

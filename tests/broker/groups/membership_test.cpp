#include "tests/broker/groups/group_fixture.h"

namespace hailstorm::groups {
namespace {

class MembershipTest : public GroupFixture {
 protected:
  MembershipTest() { topic("rides", 4); }
};

TEST_F(MembershipTest, TheFirstMemberGetsEverything) {
  EXPECT_EQ(joins("a"), ErrorCode::none);
  EXPECT_THAT(owned("a"), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(consumer("a").epoch, 1);
  EXPECT_EQ(state(), "Stable");
}

// Invariant 28: never two owners, so that the newcomer waits until the old owner confirms.
TEST_F(MembershipTest, APartitionMovesOnlyAfterItsOwnerHasReleasedIt) {
  joins("a");
  consumer("a").releases = false;
  EXPECT_EQ(joins("b"), ErrorCode::none);
  EXPECT_THAT(owned("b"), IsEmpty());
  beats("a");  // the reply revokes two partitions
  beats("a");  // it still owns them
  beats("b");
  EXPECT_THAT(owned("b"), IsEmpty());
  EXPECT_EQ(state(), "Reconciling");

  consumer("a").releases = true;
  beats("a");
  EXPECT_EQ(owned("a").size(), 2U);
  beats("b");
  EXPECT_THAT(owned("b"), IsEmpty()) << "a has released them, and not yet said so";
  beats("a");
  beats("b");
  EXPECT_EQ(owned("b").size(), 2U);
  EXPECT_EQ(state(), "Stable");
}

// The reply that assigned a partition may still be on its way when the partition is revoked: what
// the member says before it got the revocation confirms nothing.
TEST_F(MembershipTest, APartitionIsNotFreeBeforeItsRevocationWasAnnounced) {
  joins("a");
  consumer("a").owned.clear();
  joins("b");
  beats("a");
  beats("b");
  EXPECT_THAT(owned("b"), IsEmpty());
  beats("a");
  beats("b");
  EXPECT_EQ(owned("b").size(), 2U);
}

// Invariant 36.
TEST_F(MembershipTest, UnaffectedPartitionsAreNeverRevoked) {
  joins("a");
  joins("b");
  settle();
  const auto of_a = consumer("a").owned;
  const auto of_b = consumer("b").owned;
  joins("c");
  for (int beat = 0; beat < 4; ++beat) {
    for (const char* name : {"a", "b", "c"}) {
      EXPECT_EQ(beats(name), ErrorCode::none);
      EXPECT_GE(owned("a").size() + owned("b").size(), 3U) << "also for a moment";
    }
  }
  EXPECT_EQ(owned("c").size(), 1U);
  EXPECT_TRUE(std::includes(of_a.begin(), of_a.end(), consumer("a").owned.begin(),
                            consumer("a").owned.end()));
  EXPECT_TRUE(std::includes(of_b.begin(), of_b.end(), consumer("b").owned.begin(),
                            consumer("b").owned.end()));
}

TEST_F(MembershipTest, AMemberThatLeavesFreesItsPartitions) {
  joins("a");
  joins("b");
  settle();
  const auto of_a = owned("a");
  EXPECT_EQ(leaves("b"), ErrorCode::none);
  settle();
  EXPECT_THAT(owned("a"), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(of_a, ::testing::SizeIs(2));
}

TEST_F(MembershipTest, AHeartbeatThatChangesNothingWritesNothing) {
  joins("a");
  const size_t before = journal_.batches();
  const int32_t epoch_before = epoch();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(beats("a"), ErrorCode::none);
    pass_ms(500);
  }
  EXPECT_EQ(journal_.batches(), before);
  EXPECT_EQ(epoch(), epoch_before);
}

TEST_F(MembershipTest, AJoinWhoseReplyWasLostMayBeSentAgain) {
  beats_in_vain("a");
  const int32_t epoch_before = epoch();
  EXPECT_EQ(joins("a"), ErrorCode::none);
  EXPECT_THAT(owned("a"), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(epoch(), epoch_before);
}

TEST_F(MembershipTest, AHeartbeatMayBeSentAgainWhenTheReplyWithItsNextEpochWasLost) {
  joins("a");
  topic("rides", 5);
  beats_in_vain("a");
  EXPECT_EQ(beats("a"), ErrorCode::none);
  EXPECT_EQ(consumer("a").epoch, 2);
  EXPECT_EQ(owned("a").size(), 5U);
}

// Invariant 33: dead members' partitions move within the session timeout.
TEST_F(MembershipTest, ASilentMemberIsRemovedWhenItsSessionIsOver) {
  joins("a");
  joins("b");
  settle();
  crashes("b");
  pass_ms(5'900);
  EXPECT_EQ(beats("a"), ErrorCode::none);
  EXPECT_TRUE(is_member("b"));
  pass_ms(100);
  EXPECT_FALSE(is_member("b"));
  settle();
  EXPECT_THAT(owned("a"), ElementsAre(0, 1, 2, 3));
}

// Sessions go by a clock that cannot jump; what is set is the wall clock.
TEST_F(MembershipTest, AWallClockThatJumpsEndsNoSessionAndKeepsNoneAlive) {
  constexpr int64_t kYearMs = int64_t{365} * 24 * 3600 * 1000;
  for (const int64_t jump_ms : {kYearMs, -2 * kYearMs}) {
    joins("a");
    clock_.jump_wall_ms(jump_ms);
    pass_ms(5'900);
    EXPECT_EQ(beats("a"), ErrorCode::none) << jump_ms;
    EXPECT_EQ(commits("a", 0, 42), ErrorCode::none) << jump_ms;
    crashes("a");
    clock_.jump_wall_ms(-jump_ms);
    pass_ms(6'000);
    EXPECT_FALSE(is_member("a")) << jump_ms;
    EXPECT_EQ(committed(0), 42) << jump_ms;
  }
}

// Invariant 33: SIGSTOP, SIGCONT.
TEST_F(MembershipTest, AnEvictedMemberIsFencedAndJoinsAgain) {
  joins("a");
  pass_ms(6'000);
  EXPECT_EQ(beats("a"), ErrorCode::unknown_member_id);
  EXPECT_EQ(joins("a"), ErrorCode::none);
  EXPECT_THAT(owned("a"), ElementsAre(0, 1, 2, 3));
}

TEST_F(MembershipTest, AnEpochThatTheMemberDoesNotHaveIsFenced) {
  joins("a");
  for (const int32_t wrong : {7, 2}) {
    consumer("a").epoch = wrong;
    EXPECT_EQ(beats("a"), ErrorCode::fenced_member_epoch) << wrong;
  }
}

// The previous epoch is valid only for a member that holds no more than it was assigned then.
TEST_F(MembershipTest, ThePreviousEpochWithAPartitionThatWasLostIsFenced) {
  joins("a");
  Consumer zombie = consumer("a");
  joins("b");
  settle();
  EXPECT_EQ((*heartbeat(zombie.request(kGroup)))->outcome.code, ErrorCode::fenced_member_epoch);
}

// Invariant 34: however often it sends heartbeats.
TEST_F(MembershipTest, AMemberThatReleasesTooLateIsEvicted) {
  holds_on("a", "b");
  for (int i = 0; i < 5; ++i) {
    pass_ms(500);
    EXPECT_EQ(beats("a"), ErrorCode::none);
    EXPECT_EQ(beats("b"), ErrorCode::none);
  }
  EXPECT_THAT(owned("b"), IsEmpty());
  pass_ms(500);
  EXPECT_EQ(beats("a"), ErrorCode::unknown_member_id);
  crashes("a");
  settle();
  EXPECT_THAT(owned("b"), ElementsAre(0, 1, 2, 3));
}

TEST_F(MembershipTest, NewPartitionsOfATopicAreAssigned) {
  joins("a");
  joins("b");
  settle();
  topic("rides", 7);
  settle();
  EXPECT_EQ(owned("a").size() + owned("b").size(), 7U);
  EXPECT_EQ(state(), "Stable");
}

TEST_F(MembershipTest, AMemberMayWaitForATopicThatDoesNotExist) {
  consumer("a").topics = {"later"};
  EXPECT_EQ(joins("a"), ErrorCode::none);
  EXPECT_THAT(consumer("a").owned, IsEmpty());
  topic("later", 2);
  settle();
  EXPECT_THAT(owned("a", "later"), ElementsAre(0, 1));
}

TEST_F(MembershipTest, PartitionsOfADeletedTopicAreRevoked) {
  joins("a");
  drop("rides");
  settle();
  EXPECT_THAT(owned("a"), IsEmpty());
}

TEST_F(MembershipTest, ASubscriptionMayChange) {
  topic("trips", 2);
  joins("a");
  consumer("a").topics = {"trips"};
  settle();
  EXPECT_THAT(owned("a"), IsEmpty());
  EXPECT_THAT(owned("a", "trips"), ElementsAre(0, 1));
}

TEST_F(MembershipTest, MoreMembersThanPartitionsLeaveSomeIdle) {
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) joins(name);
  settle();
  size_t all = 0;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) all += owned(name).size();
  EXPECT_EQ(all, 4U);
  EXPECT_EQ(state(), "Stable");
}

// Invariant 37: each join is one epoch, whatever their number, and settling takes none.
TEST_F(MembershipTest, AJoinStormSettlesInBoundedRebalances) {
  topic("rides", 64);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(joins(std::string("m").append(std::to_string(i))), ErrorCode::none);
  settle();
  EXPECT_EQ(epoch(), 100);
  EXPECT_EQ(state(), "Stable");
}

TEST_F(MembershipTest, AGroupHasABoundedNumberOfMembers) {
  CoordinatorOptions options;
  options.max_members_per_group = 2;
  coordinator_ = std::make_unique<Coordinator>(journal_, catalog_, clock_, options);
  coordinator_->finish_loading();
  EXPECT_EQ(joins("a"), ErrorCode::none);
  EXPECT_EQ(joins("b"), ErrorCode::none);
  EXPECT_EQ(joins("c"), ErrorCode::group_max_size_reached);
  EXPECT_EQ(joins("b"), ErrorCode::none);
}

TEST_F(MembershipTest, SessionTimeoutsAreBounded) {
  consumer("a").session_timeout_ms = 1;
  const auto joined = heartbeat(consumer("a").request(kGroup));
  EXPECT_LE((*joined)->heartbeat_interval_ms, 500 / 3);
  pass_ms(400);
  EXPECT_TRUE(is_member("a"));
  pass_ms(100);
  EXPECT_FALSE(is_member("a"));
  constexpr int32_t kMostMs = 30 * 60 * 1000;
  consumer("b").session_timeout_ms = 2 * kMostMs;
  joins("b");
  pass_ms(kMostMs - 1'000);
  EXPECT_TRUE(is_member("b"));
  pass_ms(1'000);
  EXPECT_FALSE(is_member("b"));
}

TEST_F(MembershipTest, InvalidHeartbeatsAreRefused) {
  consumer("").id = "";
  EXPECT_EQ(beats(""), ErrorCode::invalid_request);
  consumer("a").epoch = -3;
  EXPECT_EQ(beats("a"), ErrorCode::invalid_request);
  consumer("a").epoch = wire::kLeaveStaticEpoch;
  EXPECT_EQ(beats("a"), ErrorCode::invalid_request);
  consumer("long").id = std::string(1'001, 'x');
  EXPECT_EQ(joins("long"), ErrorCode::invalid_request);
  consumer("greedy").topics.assign(1'001, "rides");
  EXPECT_EQ(joins("greedy"), ErrorCode::invalid_request);
  auto nameless = consumer("a").request("");
  EXPECT_EQ((*heartbeat(nameless))->outcome.code, ErrorCode::invalid_request);
  EXPECT_THAT(list().groups, IsEmpty()) << "a refused request makes no group";
}

}  // namespace
}  // namespace hailstorm::groups

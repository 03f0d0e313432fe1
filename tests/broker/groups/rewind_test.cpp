#include "tests/broker/groups/group_fixture.h"

namespace hailstorm::groups {
namespace {

/// A group of which `a` has both partitions and has committed 42 in partition 0.
class RewindTest : public GroupFixture {
 protected:
  RewindTest() {
    topic("rides", 2);
    joins("a");
    settle();
    EXPECT_EQ(commits("a", 0, 42), ErrorCode::none);
  }

  Later<wire::RewindGroupReply> rewind(int32_t partition, int64_t offset) {
    return rewind({kGroup, {{{"rides", partition}, offset, -1, {}}}});
  }
  Later<wire::RewindGroupReply> rewind(const wire::RewindGroupRequest& request) {
    const auto answered = std::make_shared<std::optional<wire::RewindGroupReply>>();
    coordinator_->rewind(
        request, [answered](wire::RewindGroupReply reply) { *answered = std::move(reply); });
    return answered;
  }
  ErrorCode rewinds(int32_t partition, int64_t offset) {
    const auto answer = rewind(partition, offset);
    return answer->has_value() ? (*answer)->outcome.code : ErrorCode::unknown_outcome;
  }
};

// Invariant 32.
TEST_F(RewindTest, TheMemberGivesThePartitionBackAndTakesItAgainFromTheNewOffset) {
  const Consumer before = consumer("a");
  const auto answer = rewind(0, 20);
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((*answer)->outcome.code, ErrorCode::none);
  EXPECT_EQ((*answer)->epoch, before.epoch + 1);
  EXPECT_EQ((*answer)->before.at(0).offset, 42);
  EXPECT_EQ(committed(0), 20);
  beats("a");
  EXPECT_THAT(owned("a"), ElementsAre(1)) << "partition 1 stays, it was not moved";
  beats("a");
  EXPECT_THAT(owned("a"), ElementsAre(0, 1));
  EXPECT_EQ(consumer("a").epoch, before.epoch + 1);
  EXPECT_EQ(state(), "Stable");
  EXPECT_EQ(commits("a", 0, 21), ErrorCode::none);
  EXPECT_EQ(committed(0), 21);
}

// Invariant 29: before the member knows, while it gives the partition back, and after that.
TEST_F(RewindTest, ACommitOfAnEarlierEpochIsFencedWheneverItComes) {
  const Consumer before = consumer("a");
  rewinds(0, 20);
  EXPECT_EQ(commits("a", 0, 43), ErrorCode::stale_member_epoch);
  EXPECT_EQ(commits("a", 1, 43), ErrorCode::none) << "partition 1 was not moved";
  beats("a");
  EXPECT_EQ(commits("a", 0, 43), ErrorCode::stale_member_epoch);
  beats("a");
  EXPECT_EQ(commits(before, 0, 43), ErrorCode::stale_member_epoch);
  EXPECT_EQ(committed(0), 20);
}

// Invariant 29: the commit was accepted before, and becomes durable before.
TEST_F(RewindTest, ACommitThatIsUnderWayDoesNotUndoIt) {
  journal_.hold();
  const auto commit_answer = commit(commit_request(consumer("a"), 0, 43));
  const auto answer = rewind(0, 20);
  EXPECT_FALSE(answer->has_value()) << "nothing is promised before it is durable";
  journal_.settle();
  EXPECT_EQ((*commit_answer)->outcome.code, ErrorCode::none);
  EXPECT_EQ((*answer)->before.at(0).offset, 43) << "what was accepted counts";
  EXPECT_EQ(committed(0), 20);
}

// Invariant 30: a broker that dies in between has both after its start, or neither.
TEST_F(RewindTest, TheOffsetsAndTheFenceAreInTheJournalAsOne) {
  journal_.hold();
  (void)rewind(0, 20);
  ASSERT_EQ(journal_.pending(), 1U);
  die_and_boot(/*kept_batches=*/0);
  EXPECT_EQ(committed(0), 42);
  EXPECT_EQ(commits("a", 0, 43), ErrorCode::none) << "nothing happened";

  journal_.hold();
  (void)rewind(0, 20);
  die_and_boot(/*kept_batches=*/1);
  EXPECT_EQ(committed(0), 20);
  EXPECT_EQ(commits("a", 0, 44), ErrorCode::stale_member_epoch);
  settle();
  EXPECT_THAT(owned("a"), ElementsAre(0, 1));
  EXPECT_EQ(commits("a", 0, 21), ErrorCode::none);
}

TEST_F(RewindTest, DoneTwiceItIsTheSame) {
  rewinds(0, 20);
  EXPECT_EQ(rewinds(0, 20), ErrorCode::none);
  settle();
  EXPECT_EQ(committed(0), 20);
  EXPECT_EQ(commits("a", 0, 21), ErrorCode::none);
}

// Invariant 29: the partition is on its way from a to b, and neither may undo the rewind.
TEST_F(RewindTest, DuringARebalanceTheNextOwnerBeginsAtTheNewOffset) {
  holds_on("a", "b");
  const auto group = describe();
  const auto b = std::find_if(group.members.begin(), group.members.end(),
                              [](const auto& one) { return one.member_id == "b"; });
  const int32_t going = b->target.at(0).partition;
  EXPECT_EQ(commits("a", going, 50), ErrorCode::none);
  rewinds(going, 20);
  EXPECT_EQ(commits("a", going, 51), ErrorCode::stale_member_epoch);
  consumer("a").releases = true;
  settle();
  EXPECT_THAT(owned("b"), ElementsAre(going));
  EXPECT_EQ(committed(going), 20);
  EXPECT_EQ(commits("b", going, 21), ErrorCode::none);
}

// Invariant 29: it slept through the rewind, for a while or for longer than its session.
TEST_F(RewindTest, AFrozenMemberThatWakesIsFencedAndGoesOnFromTheNewOffset) {
  const Consumer asleep = consumer("a");
  rewinds(0, 20);
  pass_ms(3'000);
  EXPECT_EQ(commits(asleep, 0, 43), ErrorCode::stale_member_epoch);
  settle();
  EXPECT_EQ(committed(0), 20);
  EXPECT_EQ(commits("a", 0, 22), ErrorCode::none);

  const Consumer asleep_for_long = consumer("a");
  rewinds(0, 15);
  pass_ms(6'000);
  joins("b");
  EXPECT_THAT(owned("b"), ElementsAre(0, 1)) << "the others need not wait for it";
  EXPECT_EQ(commits(asleep_for_long, 0, 43), ErrorCode::unknown_member_id);
  EXPECT_EQ(committed(0), 15);
}

TEST_F(RewindTest, AStaticMemberThatIsAwayComesBackToTheNewOffset) {
  leaves("a");
  instance("s", "first");
  joins("s");
  commits("s", 0, 60);
  const Consumer before = consumer("s");
  leaves_for_a_moment("s");
  rewinds(0, 20);
  EXPECT_EQ(commits(before, 0, 61), ErrorCode::fenced_member_epoch);
  instance("t", "first");
  joins("t");
  EXPECT_THAT(owned("t"), ElementsAre(0, 1)) << "at once: nobody has to give anything back";
  EXPECT_EQ(committed(0), 20);
  EXPECT_EQ(commits("t", 0, 21), ErrorCode::none);
}

TEST_F(RewindTest, AMemberThatJoinsAgainBeforeItKnowsHoldsNothingToGiveBack) {
  const Consumer before = consumer("a");
  rewinds(0, 20);
  joins("a");
  EXPECT_THAT(owned("a"), ElementsAre(0, 1));
  EXPECT_EQ(commits(before, 0, 43), ErrorCode::stale_member_epoch);
  EXPECT_EQ(commits("a", 0, 21), ErrorCode::none);
}

// Invariant 30: nobody knows whether it is in the journal.
TEST_F(RewindTest, WhereTheJournalFailsTheOffsetsStayAndTheGroupGoesOn) {
  for (const bool in_the_log : {false, true}) {
    const int64_t offset = committed(0);
    journal_.hold();
    const auto answer = rewind(0, 20);
    journal_.fail(in_the_log);
    EXPECT_EQ((*answer)->outcome.code, ErrorCode::storage_error);
    EXPECT_EQ(committed(0), offset);
    settle();
    EXPECT_EQ(commits("a", 0, offset + 1), ErrorCode::none);
    die_and_boot();
    EXPECT_EQ(committed(0), offset + 1) << in_the_log;
  }
}

TEST_F(RewindTest, AGroupWithoutMembersIsMovedToo) {
  leaves("a");
  EXPECT_EQ(rewinds(0, 20), ErrorCode::none);
  EXPECT_EQ(committed(0), 20);
  EXPECT_EQ(rewinds(1, 30), ErrorCode::none);
  EXPECT_EQ(committed(1), 30) << "nothing was committed there before";
}

TEST_F(RewindTest, WhatMakesNoSenseIsRefusedAndMovesNothing) {
  const int32_t epoch_before = epoch();
  EXPECT_EQ(rewinds(0, 101), ErrorCode::offset_out_of_range);
  EXPECT_EQ(rewinds(0, -1), ErrorCode::invalid_request);
  EXPECT_EQ(rewinds(2, 20), ErrorCode::unknown_topic_or_partition);
  const auto nowhere = rewind({"nobody", {{{"rides", 0}, 20, -1, {}}}});
  EXPECT_EQ((*nowhere)->outcome.code, ErrorCode::group_id_not_found);
  EXPECT_EQ(epoch(), epoch_before);
  EXPECT_EQ(committed(0), 42);
}

}  // namespace
}  // namespace hailstorm::groups

#include "tests/broker/groups/classic_fixture.h"

namespace hailstorm::groups {
namespace {

using ::testing::HasSubstr;

class ClassicGroupTest : public ClassicFixture {};

TEST_F(ClassicGroupTest, AMemberIsGivenAnIdAndJoinsWithIt) {
  const auto first = send_join("a");
  EXPECT_EQ((*first)->outcome.code, ErrorCode::member_id_required);
  EXPECT_THAT((*first)->member_id, HasSubstr("a-"));
  client("a").id = (*first)->member_id;
  joins("a");
  EXPECT_EQ(join_of("a").outcome.code, ErrorCode::none);
  EXPECT_EQ(join_of("a").member_id, (*first)->member_id);
  EXPECT_EQ(join_of("a").generation, 1);
}

TEST_F(ClassicGroupTest, AMemberOfAnOlderVersionJoinsWithoutAskingForAnId) {
  client("a").asks_for_id = false;
  joins("a");
  EXPECT_EQ(join_of("a").outcome.code, ErrorCode::none);
  EXPECT_THAT(join_of("a").member_id, HasSubstr("a-"));
}

TEST_F(ClassicGroupTest, AnIdThatNobodyJoinsWithDelaysTheGroupNoLongerThanItsSession) {
  share({"a"});
  static_cast<void>(send_join("b"));
  joins("a");
  EXPECT_TRUE(waits_to_join("a"));
  pass_ms(client("b").session_timeout_ms);
  EXPECT_EQ(join_of("a").outcome.code, ErrorCode::none);
}

TEST_F(ClassicGroupTest, AMemberThatIsUnknownMustBeginAgain) {
  client("a").id = "a-that-was-here-before";
  joins("a");
  EXPECT_EQ(join_of("a").outcome.code, ErrorCode::unknown_member_id);
  syncs("a");
  EXPECT_EQ(sync_of("a").outcome.code, ErrorCode::unknown_member_id);
  EXPECT_EQ(beats("a"), ErrorCode::unknown_member_id);
  EXPECT_EQ(leaves("a"), ErrorCode::unknown_member_id);
  EXPECT_TRUE(list().groups.empty()) << "nothing is kept of it";
}

TEST_F(ClassicGroupTest, OnlyTheLeaderLearnsTheMembersAndWhatTheyWant) {
  share({"a"});
  client("b").protocols = {{"range", "of b"}};
  joins("b");
  EXPECT_TRUE(waits_to_join("b"));
  EXPECT_EQ(beats("a"), ErrorCode::rebalance_in_progress);
  joins("a");
  EXPECT_EQ(join_of("a").generation, 2);
  EXPECT_EQ(join_of("b").generation, 2);
  EXPECT_EQ(join_of("a").leader, client("a").id);
  EXPECT_EQ(join_of("a").members.size(), 2u);
  EXPECT_EQ(join_of("a").members.at(1).metadata, "of b");
  EXPECT_TRUE(join_of("b").members.empty());
  EXPECT_EQ(join_of("b").leader, client("a").id);
}

TEST_F(ClassicGroupTest, EachMemberGetsWhatTheLeaderAssigned) {
  share({"a"});
  joins("b");
  joins("a");
  static_cast<void>(join_of("a"));
  static_cast<void>(join_of("b"));
  syncs("b");
  EXPECT_TRUE(waits_for_assignment("b"));
  EXPECT_EQ(state(), "CompletingRebalance");
  syncs("a");
  EXPECT_EQ(sync_of("a").assignment, "for " + client("a").id);
  EXPECT_EQ(sync_of("b").assignment, "for " + client("b").id);
  EXPECT_EQ(state(), "Stable");
  syncs("b");
  EXPECT_EQ(sync_of("b").assignment, "for " + client("b").id) << "also when it asks again";
}

TEST_F(ClassicGroupTest, AnAssignmentIsGivenOutOnlyWhenItIsDurable) {
  joins("a");
  static_cast<void>(join_of("a"));
  journal_.hold();
  syncs("a");
  EXPECT_TRUE(waits_for_assignment("a"));
  journal_.settle();
  EXPECT_EQ(sync_of("a").outcome.code, ErrorCode::none);
}

TEST_F(ClassicGroupTest, AnAssignmentThatCannotBeWrittenIsMadeAgain) {
  joins("a");
  static_cast<void>(join_of("a"));
  journal_.refuse_next();
  syncs("a");
  EXPECT_EQ(sync_of("a").outcome.code, ErrorCode::storage_error);
  EXPECT_EQ(beats("a"), ErrorCode::rebalance_in_progress);
  share({"a"});
  EXPECT_EQ(join_of("a").generation, 2);
}

TEST_F(ClassicGroupTest, AnOlderGenerationIsRefused) {
  share({"a"});
  joins("a");
  EXPECT_EQ(beats("a"), ErrorCode::illegal_generation) << "the leader joined again";
  static_cast<void>(join_of("a"));
  EXPECT_EQ(beats("a"), ErrorCode::none);
  client("a").generation = 1;
  syncs("a");
  EXPECT_EQ(sync_of("a").outcome.code, ErrorCode::illegal_generation);
}

TEST_F(ClassicGroupTest, AMemberThatLeavesIsSharedAmongTheOthers) {
  share({"a"});
  joins("b");
  share({"a"});
  static_cast<void>(join_of("b"));
  EXPECT_EQ(leaves("b"), ErrorCode::none);
  EXPECT_EQ(beats("a"), ErrorCode::rebalance_in_progress);
  share({"a"});
  EXPECT_EQ(join_of("a").members.size(), 1u);
}

TEST_F(ClassicGroupTest, TheLastMemberLeavesAnEmptyGroup) {
  share({"a"});
  EXPECT_EQ(leaves("a"), ErrorCode::none);
  EXPECT_EQ(state(), "Empty");
  EXPECT_EQ(describe().summary.epoch, 2);
}

TEST_F(ClassicGroupTest, ASilentMemberIsRemovedAfterItsSession) {
  share({"a"});
  client("b").session_timeout_ms = 3'000;
  joins("b");
  share({"a"});
  static_cast<void>(join_of("b"));
  syncs("b");
  for (int i = 0; i < 2; ++i) {
    pass_ms(1'400);
    EXPECT_EQ(beats("a"), ErrorCode::none);
  }
  pass_ms(300);
  EXPECT_EQ(beats("a"), ErrorCode::rebalance_in_progress);
  EXPECT_EQ(beats("b"), ErrorCode::unknown_member_id);
}

TEST_F(ClassicGroupTest, AMemberThatJoinsTooLateIsLeftOut) {
  share({"a"});
  joins("b");
  EXPECT_TRUE(waits_to_join("b"));
  // The member sends heartbeats, so that it lives, but goes on with its work.
  for (int i = 0; i < 12; ++i) {
    pass_ms(1'000);
    static_cast<void>(beats("a"));
  }
  EXPECT_EQ(join_of("b").outcome.code, ErrorCode::none);
  EXPECT_EQ(join_of("b").leader, client("b").id);
  EXPECT_EQ(join_of("b").members.size(), 1u);
  EXPECT_EQ(beats("a"), ErrorCode::unknown_member_id);
}

TEST_F(ClassicGroupTest, AMemberThatNeverAsksForItsAssignmentIsRemoved) {
  share({"a"});
  joins("b");
  joins("a");
  static_cast<void>(join_of("a"));
  static_cast<void>(join_of("b"));
  syncs("a");
  for (int i = 0; i < 11; ++i) {
    pass_ms(1'000);
    static_cast<void>(beats("a"));
    static_cast<void>(beats("b"));
  }
  EXPECT_EQ(beats("b"), ErrorCode::unknown_member_id);
  EXPECT_EQ(beats("a"), ErrorCode::rebalance_in_progress);
}

TEST_F(ClassicGroupTest, MembersThatStartTogetherShareOneGeneration) {
  options_.initial_rebalance_delay_ms = 300;
  boot();
  joins("a");
  joins("b");
  EXPECT_TRUE(waits_to_join("a"));
  pass_ms(300);
  EXPECT_EQ(join_of("a").generation, 1);
  EXPECT_EQ(join_of("b").generation, 1);
}

TEST_F(ClassicGroupTest, TheProtocolThatAllCanDoAndMostLikeBestIsTaken) {
  client("a").protocols = {{"sticky", ""}, {"range", ""}};
  client("b").protocols = {{"range", ""}, {"sticky", ""}, {"own", ""}};
  client("c").protocols = {{"range", ""}, {"sticky", ""}};
  share({"a"});
  EXPECT_EQ(join_of("a").protocol, "sticky");
  joins("b");
  joins("c");
  joins("a");
  EXPECT_EQ(join_of("a").protocol, "range");
}

TEST_F(ClassicGroupTest, AMemberWithoutAProtocolInCommonIsRefused) {
  share({"a"});
  client("b").protocols = {{"own", ""}};
  joins("b");
  EXPECT_EQ(join_of("b").outcome.code, ErrorCode::inconsistent_group_protocol);
  EXPECT_EQ(beats("a"), ErrorCode::none) << "the group notices nothing";
}

TEST_F(ClassicGroupTest, AnOperatorSeesWhatConsumersReadAndHowFarTheyAre) {
  // Version 0, one topic, "rides", for an assignment with one partition, 2.
  const std::string topic("\0\0\0\0\0\1\0\5rides", 13);
  client("a").protocols = {{"range", topic + std::string("\0\0\0\0", 4)}};
  joins("a");
  static_cast<void>(join_of("a"));
  ClassicSyncRequest sync = sync_request("a");
  sync.assignments.at(0).bytes = topic + std::string("\0\0\0\1\0\0\0\2\0\0\0\0", 12);
  const auto synced =
      ask<ClassicSyncReply>([&](auto answer) { coordinator_->classic(sync, std::move(answer)); });
  ASSERT_EQ((*synced)->outcome.code, ErrorCode::none);
  EXPECT_EQ(commits("a", 2, 60), ErrorCode::none);
  const auto group = describe();
  EXPECT_EQ(group.members.at(0).topics, std::vector<std::string>{"rides"});
  ASSERT_EQ(group.partitions.size(), 1u);
  EXPECT_EQ(group.partitions[0].id.partition, 2);
  EXPECT_EQ(group.partitions[0].owner, client("a").id);
  EXPECT_EQ(group.partitions[0].lag, 40);
}

TEST_F(ClassicGroupTest, AJoinThatIsSentAgainIsAnsweredAgain) {
  share({"a"});
  joins("b");
  joins("a");
  const auto first = join_of("b");
  joins("b");
  EXPECT_EQ(join_of("b").generation, first.generation);
  EXPECT_EQ(state(), "CompletingRebalance");
}

TEST_F(ClassicGroupTest, ASessionTimeoutBeyondTheLimitsIsRefused) {
  client("a").session_timeout_ms = 31 * 60 * 1000;
  joins("a");
  EXPECT_EQ(join_of("a").outcome.code, ErrorCode::invalid_session_timeout);
  client("a").session_timeout_ms = 30 * 60 * 1000;
  joins("a");
  EXPECT_EQ(join_of("a").outcome.code, ErrorCode::none);
}

TEST_F(ClassicGroupTest, AGroupTakesNoMoreMembersThanItMayHave) {
  options_.max_members_per_group = 1;
  boot();
  share({"a"});
  joins("b");
  EXPECT_EQ(join_of("b").outcome.code, ErrorCode::group_max_size_reached);
}

}  // namespace
}  // namespace hailstorm::groups

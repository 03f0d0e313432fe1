#include "tests/broker/groups/group_fixture.h"

namespace hailstorm::groups {
namespace {

/// Invariant 66: what all groups together may have.
class GroupLimitsTest : public GroupFixture {
 protected:
  void limit(const CoordinatorOptions& options) {
    options_ = options;
    die_and_boot();
    topic("rides", 4);
  }
  ErrorCode join(const std::string& group, const std::string& member = "m") {
    return ask(group, member, {"rides"}).code;
  }
  wire::Outcome ask(const std::string& group, const std::string& member,
                    std::vector<std::string> topics) {
    Consumer one{.id = member};
    one.topics = std::move(topics);
    return (*heartbeat(one.request(group)))->outcome;
  }
  ErrorCode leave(const std::string& group, const std::string& member = "m") {
    Consumer one{.id = member, .epoch = wire::kLeaveEpoch};
    return (*heartbeat(one.request(group)))->outcome.code;
  }
  ErrorCode commit_to(const std::string& group, std::string metadata = "", int32_t partition = 0) {
    wire::OffsetCommitRequest request;
    request.group = group;
    request.member_epoch = -1;
    request.offsets.push_back({{"rides", partition}, 0, -1, std::move(metadata)});
    return (*commit(request))->outcome.code;
  }
  static std::string numbered(const char* name, int number) {
    return name + std::to_string(number);
  }
};

TEST_F(GroupLimitsTest, MoreGroupsAreRefusedByName) {
  limit({.max_groups = 3});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(join(numbered("g", i)), ErrorCode::none);
  const auto refused = ask("g3", "m", {"rides"});
  EXPECT_EQ(refused.code, ErrorCode::policy_violation);
  EXPECT_NE(refused.message.find("at most 3 groups"), std::string::npos) << refused.message;
  EXPECT_EQ(commit_to("g4"), ErrorCode::policy_violation);
  EXPECT_EQ(join("g1", "another"), ErrorCode::none) << "in a group that is there";
  EXPECT_EQ(list().groups.size(), 3U);
}

TEST_F(GroupLimitsTest, AGroupThatHoldsNothingMakesRoom) {
  limit({.max_groups = 3});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(join(numbered("g", i)), ErrorCode::none);
  for (const int i : {1, 0}) {
    leave(numbered("g", i));
    pass_ms(100);
  }
  EXPECT_EQ(commit_to("g0"), ErrorCode::none);  // now it holds something
  EXPECT_EQ(join("g3"), ErrorCode::none);
  EXPECT_EQ(join("g4"), ErrorCode::policy_violation);
  std::vector<std::string> names;
  for (const auto& group : list().groups) names.push_back(group.group);
  EXPECT_THAT(names, ElementsAre("g0", "g2", "g3"));
  die_and_boot();
  EXPECT_EQ(list().groups.size(), 3U) << "also after a restart";
}

TEST_F(GroupLimitsTest, MoreMembersAreRefusedByName) {
  limit({.max_members = 3});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(join(numbered("g", i)), ErrorCode::none);
  EXPECT_EQ(join("g0", "another"), ErrorCode::group_max_size_reached);
  EXPECT_EQ(join("g3"), ErrorCode::group_max_size_reached);
  EXPECT_EQ(join("g0"), ErrorCode::none) << "a member that is there";
  leave("g1");
  EXPECT_EQ(join("g3"), ErrorCode::none);
}

TEST_F(GroupLimitsTest, MoreBytesAreRefusedAndPresentGroupsGoOn) {
  limit({.max_state_bytes = 20'000});
  std::vector<std::string> many;
  for (int i = 0; i < 100; ++i) many.push_back(numbered("a-topic-that-is-not-there-", i));
  EXPECT_EQ(join("g"), ErrorCode::none);
  EXPECT_EQ(ask("g", "m", many).code, ErrorCode::policy_violation);
  EXPECT_EQ(ask("other", "m", many).code, ErrorCode::policy_violation);
  EXPECT_EQ(join("g"), ErrorCode::none);
  int taken = 0;
  while (commit_to(numbered("c", taken), std::string(1'000, 'x')) == ErrorCode::none) ++taken;
  EXPECT_GT(taken, 5);
  EXPECT_LT(taken, 20);
  EXPECT_EQ(commit_to("c0", std::string(1'000, 'y')), ErrorCode::none) << "no more than before";
  EXPECT_EQ(commit_to("c0", std::string(1'000, 'y'), 1), ErrorCode::policy_violation);
  EXPECT_EQ(commit_to("c0", ""), ErrorCode::none);
}

TEST_F(GroupLimitsTest, AGroupThatHoldsNothingGoesAfterAWhile) {
  limit({.empty_group_ms = 5'000});
  join("g");
  join("with-offsets");
  leave("g");
  leave("with-offsets");
  EXPECT_EQ(commit_to("with-offsets"), ErrorCode::none);
  pass_ms(4'000);
  EXPECT_EQ(list().groups.size(), 2U);
  pass_ms(3'000);
  EXPECT_EQ(list().groups.size(), 1U);
  die_and_boot();
  EXPECT_EQ(list().groups.size(), 1U);
}

TEST_F(GroupLimitsTest, OffsetsGoAfterTheirRetentionWithoutMembersAndCommits) {
  limit({.offsets_retention_ms = 60'000});
  EXPECT_EQ(commit_to("old"), ErrorCode::none);
  EXPECT_EQ(commit_to("used"), ErrorCode::none);
  join("with-members");
  for (int i = 0; i < 59; ++i) {
    pass_ms(1'000);
    join("with-members");
  }
  EXPECT_EQ(commit_to("used"), ErrorCode::none);
  EXPECT_EQ(list().groups.size(), 3U);
  pass_ms(3'000);
  std::vector<std::string> names;
  for (const auto& group : list().groups) names.push_back(group.group);
  EXPECT_THAT(names, ElementsAre("used", "with-members"));
  clock_.jump_wall_ms(int64_t{365} * 24 * 3600 * 1000);
  die_and_boot();
  pass_ms(30'000);
  EXPECT_EQ(list().groups.size(), 2U) << "a clock that is set takes no offsets";
}

TEST_F(GroupLimitsTest, AJournalWithMoreThanTheLimitsIsServed) {
  topic("rides", 4);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(commit_to(numbered("g", i)), ErrorCode::none);
  limit({.max_groups = 10, .max_state_bytes = 1'000});
  EXPECT_EQ(list().groups.size(), 50U);
  EXPECT_EQ(commit_to("g7"), ErrorCode::none);
  EXPECT_EQ(commit_to("new"), ErrorCode::policy_violation);
}

}  // namespace
}  // namespace hailstorm::groups

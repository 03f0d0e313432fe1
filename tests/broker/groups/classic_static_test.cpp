#include "tests/broker/groups/classic_fixture.h"

namespace hailstorm::groups {
namespace {

/// A static member and another one, which share.
class ClassicStaticTest : public ClassicFixture {
 protected:
  ClassicStaticTest() {
    client("a").instance = "one";
    share({"a"});
    joins("b");
    joins("a");
    static_cast<void>(join_of("a"));
    static_cast<void>(join_of("b"));
    syncs("a");
    syncs("b");
    // The process comes back: the same instance, and it knows no id.
    clients_["a2"] = client("a");
    client("a2").id.clear();
  }
};

TEST_F(ClassicStaticTest, ARestartMovesNothing) {
  joins("a2");
  EXPECT_EQ(join_of("a2").outcome.code, ErrorCode::none);
  EXPECT_EQ(join_of("a2").generation, 2);
  EXPECT_NE(join_of("a2").member_id, client("a").id);
  EXPECT_EQ(beats("b"), ErrorCode::none);
  syncs("a2");
  EXPECT_EQ(sync_of("a2").assignment, "for " + client("a").id) << "what its instance had";
}

TEST_F(ClassicStaticTest, ALeaderThatRestartsIsNotToAssignAgain) {
  joins("a2");
  EXPECT_TRUE(join_of("a2").skip_assignment);
  EXPECT_EQ(join_of("a2").members.size(), 2u);
}

TEST_F(ClassicStaticTest, ALeaderOfAnOlderVersionDoesNotLearnThatItLeads) {
  client("a2").can_skip_assignment = false;
  joins("a2");
  EXPECT_FALSE(join_of("a2").skip_assignment);
  EXPECT_NE(join_of("a2").leader, join_of("a2").member_id);
  EXPECT_TRUE(join_of("a2").members.empty());
}

TEST_F(ClassicStaticTest, TheProcessOfBeforeIsFenced) {
  joins("a2");
  EXPECT_EQ(beats("a"), ErrorCode::fenced_instance_id);
  EXPECT_EQ(commits("a", 0, 5), ErrorCode::fenced_instance_id);
  syncs("a");
  EXPECT_EQ(sync_of("a").outcome.code, ErrorCode::fenced_instance_id);
}

// Invariant 78: else the broker's next start would fence the process that is there now.
TEST_F(ClassicStaticTest, ARestartIsAnsweredOnlyWhenItIsDurable) {
  journal_.hold();
  joins("a2");
  EXPECT_TRUE(waits_to_join("a2"));
  journal_.settle();
  static_cast<void>(join_of("a2"));
  die_and_boot();
  EXPECT_EQ(beats("a2"), ErrorCode::none);
}

TEST_F(ClassicStaticTest, AnInstanceThatStaysAwayLosesItsPlaceAfterItsSession) {
  pass_ms(5'900);
  EXPECT_EQ(beats("b"), ErrorCode::none);
  pass_ms(200);
  EXPECT_EQ(beats("b"), ErrorCode::rebalance_in_progress);
}

TEST_F(ClassicStaticTest, AnInstanceCanBeRemovedByItsNameAlone) {
  client("a").id.clear();
  EXPECT_EQ(leaves("a"), ErrorCode::none);
  EXPECT_EQ(beats("b"), ErrorCode::rebalance_in_progress);
}

}  // namespace
}  // namespace hailstorm::groups

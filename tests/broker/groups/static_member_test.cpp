#include "tests/broker/groups/group_fixture.h"

namespace hailstorm::groups {
namespace {

class StaticMemberTest : public GroupFixture {
 protected:
  StaticMemberTest() {
    topic("rides", 4);
    instance("a1", "a");
    joins("a1");
    joins("b");
    settle();
    of_a_ = owned("a1");
    of_b_ = owned("b");
    epoch_ = epoch();
  }

  /// The process comes back before the coordinator noticed.
  void nothing_moved_when(const std::string& back) {
    EXPECT_EQ(owned(back), of_a_) << "at once, with the first answer";
    settle();
    EXPECT_EQ(owned(back), of_a_);
    EXPECT_EQ(owned("b"), of_b_);
    EXPECT_EQ(epoch(), epoch_);
    EXPECT_EQ(state(), "Stable");
  }

  std::vector<int32_t> of_a_, of_b_;
  int32_t epoch_ = 0;
};

// Invariant 35.
TEST_F(StaticMemberTest, AQuickRestartMovesNothing) {
  EXPECT_EQ(leaves_for_a_moment("a1"), ErrorCode::none);
  pass_ms(3'000);
  EXPECT_EQ(beats("b"), ErrorCode::none);
  EXPECT_EQ(owned("b"), of_b_);
  instance("a2", "a");
  EXPECT_EQ(joins("a2"), ErrorCode::none);
  nothing_moved_when("a2");
}

// Invariant 35: a process that was killed sent no leave, and comes back before its session is over.
TEST_F(StaticMemberTest, AKilledProcessComesBackAtOnce) {
  crashes("a1");
  instance("a2", "a");
  EXPECT_EQ(joins("a2"), ErrorCode::none);
  nothing_moved_when("a2");
}

TEST_F(StaticMemberTest, AQuickRestartDuringTheBrokersOwnMovesNothing) {
  leaves_for_a_moment("a1");
  die_and_boot();
  instance("a2", "a");
  EXPECT_EQ(joins("a2"), ErrorCode::none);
  nothing_moved_when("a2");
}

TEST_F(StaticMemberTest, AMemberThatStaysAwayTooLongLosesItsPlace) {
  leaves_for_a_moment("a1");
  for (int i = 0; i < 6; ++i) {
    pass_ms(1'000);
    beats("b");
  }
  settle();
  EXPECT_THAT(owned("b"), ElementsAre(0, 1, 2, 3));
}

// Invariant 35: of two processes with the same instance id the older is fenced.
TEST_F(StaticMemberTest, TheOlderOfTwoIsFenced) {
  Consumer old = consumer("a1");
  crashes("a1");
  instance("a2", "a");
  joins("a2");
  EXPECT_EQ((*heartbeat(old.request(kGroup)))->outcome.code, ErrorCode::fenced_instance_id);
  EXPECT_EQ(commits(old, of_a_.front(), 42), ErrorCode::unknown_member_id);
  old.epoch = wire::kLeaveEpoch;
  EXPECT_EQ((*heartbeat(old.request(kGroup)))->outcome.code, ErrorCode::fenced_instance_id)
      << "nor can it make its successor leave";
  EXPECT_TRUE(is_member("a2"));
}

// Invariant 35: it takes nothing from the newer one as long as that lives.
TEST_F(StaticMemberTest, TheOlderOfTwoMayJoinWhenTheNewerIsGone) {
  Consumer old = consumer("a1");
  crashes("a1");
  instance("a2", "a");
  joins("a2");
  const auto asks = [&] { return (*heartbeat(old.request(kGroup)))->outcome.code; };
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(asks(), ErrorCode::fenced_instance_id);
    pass_ms(1'000);
    beats("a2");
    beats("b");
  }
  EXPECT_EQ(owned("a2"), of_a_);
  const Consumer newer = consumer("a2");
  leaves_for_a_moment("a2");
  EXPECT_EQ(asks(), ErrorCode::unknown_member_id);
  instance("a1", "a");
  EXPECT_EQ(joins("a1"), ErrorCode::none);
  EXPECT_EQ(owned("a1"), of_a_);
  EXPECT_EQ((*heartbeat(newer.request(kGroup)))->outcome.code, ErrorCode::fenced_instance_id);
}

TEST_F(StaticMemberTest, TheOlderOfTwoMayJoinWhenTheNewersSessionIsOver) {
  Consumer old = consumer("a1");
  crashes("a1");
  instance("a2", "a");
  joins("a2");
  crashes("a2");
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ((*heartbeat(old.request(kGroup)))->outcome.code, ErrorCode::fenced_instance_id);
    pass_ms(1'000);
    beats("b");
  }
  EXPECT_EQ((*heartbeat(old.request(kGroup)))->outcome.code, ErrorCode::unknown_member_id);
}

TEST_F(StaticMemberTest, AMemberKeepsItsInstance) {
  consumer("b").instance = "other";
  EXPECT_EQ(beats("b"), ErrorCode::fenced_instance_id);
  EXPECT_EQ(joins("b"), ErrorCode::invalid_request);
}

// No process may speak for a member that is away.
TEST_F(StaticMemberTest, AMemberThatIsAwayCannotCommitOrHeartbeat) {
  const Consumer away = consumer("a1");
  leaves_for_a_moment("a1");
  EXPECT_EQ(commits(away, of_a_.front(), 42), ErrorCode::fenced_member_epoch);
  EXPECT_EQ((*heartbeat(away.request(kGroup)))->outcome.code, ErrorCode::fenced_member_epoch);
}

TEST_F(StaticMemberTest, APartitionTakenFromAMemberThatIsAwayIsFreeAtOnce) {
  leaves_for_a_moment("a1");
  joins("c");
  joins("d");
  settle();
  EXPECT_EQ(owned("b").size() + owned("c").size() + owned("d").size(), 3U);
  instance("a2", "a");
  joins("a2");
  EXPECT_EQ(owned("a2").size(), 1U);
}

}  // namespace
}  // namespace hailstorm::groups

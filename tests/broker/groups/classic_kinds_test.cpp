#include "tests/broker/groups/classic_fixture.h"

namespace hailstorm::groups {
namespace {

/// Groups of both protocols under one name.
class ClassicKindsTest : public ClassicFixture {
 protected:
  ErrorCode newer_member_beats(int32_t epoch = wire::kJoinEpoch) {
    Consumer consumer{.id = "newer", .epoch = epoch};
    return (*heartbeat(consumer.request(kGroup)))->outcome.code;
  }
};

// Invariant 79.
TEST_F(ClassicKindsTest, AGroupWithClassicMembersTakesNoOthers) {
  share({"a"});
  EXPECT_EQ(newer_member_beats(), ErrorCode::group_id_not_found);
  EXPECT_EQ((*commit({kGroup, "", -1, {{{"rides", 0}, 5, -1, {}}}}))->outcome.code,
            ErrorCode::non_empty_group);
  EXPECT_EQ(beats("a"), ErrorCode::none);
}

// Invariant 79.
TEST_F(ClassicKindsTest, AGroupWithMembersOfTheConsumerProtocolTakesNoClassicOnes) {
  EXPECT_EQ(newer_member_beats(), ErrorCode::none);
  joins("a");
  EXPECT_EQ(join_of("a").outcome.code, ErrorCode::inconsistent_group_protocol);
}

TEST_F(ClassicKindsTest, AGroupThatIsEmptyChangesItsKindAndKeepsItsOffsets) {
  share({"a"});
  EXPECT_EQ(commits("a", 0, 5), ErrorCode::none);
  EXPECT_EQ(leaves("a"), ErrorCode::none);
  EXPECT_EQ(newer_member_beats(), ErrorCode::none);
  EXPECT_EQ(committed(0), 5);
  die_and_boot();
  EXPECT_EQ(describe().members.size(), 1u);
  joins("b");
  EXPECT_EQ(join_of("b").outcome.code, ErrorCode::inconsistent_group_protocol);

  EXPECT_EQ(newer_member_beats(wire::kLeaveEpoch), ErrorCode::none);
  client("b").id.clear();
  share({"b"});
  pass_ms(100);
  die_and_boot();
  EXPECT_EQ(beats("b"), ErrorCode::none);
  EXPECT_EQ(describe().members.size(), 1u);
  EXPECT_EQ(committed(0), 5);
}

TEST_F(ClassicKindsTest, AMemberOfTheConsumerProtocolMayCommitAsKafkasClientsDo) {
  EXPECT_EQ(newer_member_beats(), ErrorCode::none);
  ClassicCommitRequest request{kGroup, 1, "newer", "", {{{"rides", 0}, 5, -1, {}}}};
  EXPECT_EQ((**commits(request)).outcome.code, ErrorCode::none);
  request.generation = 2;
  EXPECT_EQ((**commits(request)).outcome.code, ErrorCode::stale_member_epoch);
}

TEST_F(ClassicKindsTest, TheOffsetsOfClassicMembersAreNotMovedUnderThem) {
  share({"a"});
  const auto rewound = ask<wire::RewindGroupReply>([&](auto answer) {
    coordinator_->rewind({kGroup, {{{"rides", 0}, 20, -1, {}}}}, std::move(answer));
  });
  EXPECT_EQ((*rewound)->outcome.code, ErrorCode::non_empty_group);
}

}  // namespace
}  // namespace hailstorm::groups

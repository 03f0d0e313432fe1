#include "tests/broker/groups/consumer_fixture.h"

namespace hailstorm::groups {
namespace {

/// Commits and fetches of members, as Kafka's clients send them.
class ConsumerOffsetsTest : public ConsumerFixture {
 protected:
  ConsumerOffsetsTest() {
    send(joining("a"));
    send(joining("b"));
    of_a_ = given(send(staying("a")));
  }

  ErrorCode commits(const std::string& member, int32_t epoch, int32_t partition) {
    const ClassicCommitRequest request{
        kGroup, epoch, member, "", {{{"rides", partition, Uuid{{1}}}, 5, -1, {}}}};
    const auto reply = **ask<ClassicCommitReply>(
        [&](auto answer) { coordinator_->classic(request, std::move(answer)); });
    return reply.outcome.code != ErrorCode::none ? reply.outcome.code : reply.partitions[0].code;
  }
  ErrorCode fetches(const std::string& member, int32_t epoch) {
    const MemberOffsetFetchRequest request{member, epoch, {kGroup, {{"rides", 0}}}};
    return (**ask<wire::OffsetFetchReply>(
                [&](auto answer) { coordinator_->consumer(request, std::move(answer)); }))
        .outcome.code;
  }

  std::vector<int32_t> of_a_;  // a is to release the others, and has epoch 1 until it does
};

TEST_F(ConsumerOffsetsTest, AMemberCommitsWithItsPresentEpochAlsoWhatItDoesNotOwn) {
  send(owning("a", of_a_));
  send(staying("b"));
  for (int32_t partition = 0; partition < 4; ++partition)
    EXPECT_EQ(commits("a", 2, partition), ErrorCode::none);
  EXPECT_EQ(commits("a", 3, 0), ErrorCode::stale_member_epoch);
  EXPECT_EQ(commits("a", -1, 0), ErrorCode::stale_member_epoch);
  EXPECT_EQ(commits("c", 2, 0), ErrorCode::unknown_member_id);
  EXPECT_EQ(commits("", -1, 0), ErrorCode::unknown_member_id);
  EXPECT_EQ(commits("a", 2, 4), ErrorCode::unknown_topic_or_partition);
}

TEST_F(ConsumerOffsetsTest, AnEarlierEpochIsEnoughForWhatTheMemberHasHadSinceThen) {
  for (int32_t partition = 0; partition < 4; ++partition)
    EXPECT_EQ(commits("a", 1, partition), ErrorCode::none) << "still its own, or to be released";
  send(owning("a", of_a_));
  const bool has_first = of_a_.front() == 0;
  EXPECT_EQ(commits("a", 1, of_a_.front()), ErrorCode::none);
  EXPECT_EQ(commits("a", 1, has_first ? 3 : 0), ErrorCode::stale_member_epoch);
}

TEST_F(ConsumerOffsetsTest, ACommitOfBeforeARewindIsRefused) {
  send(owning("a", of_a_));
  const wire::RewindGroupRequest request{kGroup, {{{"rides", of_a_.front()}, 20, -1, {}}}};
  const auto rewound = ask<wire::RewindGroupReply>(
      [&](auto answer) { coordinator_->rewind(request, std::move(answer)); });
  ASSERT_EQ((**rewound).outcome.code, ErrorCode::none);
  EXPECT_EQ(commits("a", 2, of_a_.front()), ErrorCode::stale_member_epoch);
  EXPECT_EQ(commits("a", 2, of_a_.back()), ErrorCode::none);
}

TEST_F(ConsumerOffsetsTest, AMemberFetchesWithItsPresentEpochAlone) {
  EXPECT_EQ(fetches("a", 1), ErrorCode::none);
  EXPECT_EQ(fetches("", -1), ErrorCode::none) << "a tool";
  EXPECT_EQ(fetches("a", 2), ErrorCode::stale_member_epoch);
  EXPECT_EQ(fetches("a", 0), ErrorCode::stale_member_epoch);
  EXPECT_EQ(fetches("c", 1), ErrorCode::unknown_member_id);
}

}  // namespace
}  // namespace hailstorm::groups

#include "tests/broker/groups/classic_fixture.h"

namespace hailstorm::groups {
namespace {

class ClassicCommitTest : public ClassicFixture {
 protected:
  ClassicCommitTest() { share({"a"}); }

  static ClassicCommitRequest of_nobody(int32_t partition, int64_t offset) {
    return {kGroup, -1, "", "", {{{"rides", partition}, offset, -1, {}}}};
  }
};

TEST_F(ClassicCommitTest, AMemberCommitsInItsGeneration) {
  EXPECT_EQ(commits("a", 1, 42), ErrorCode::none);
  EXPECT_EQ(committed(1), 42);
  --client("a").generation;
  EXPECT_EQ(commits("a", 1, 43), ErrorCode::illegal_generation);
  client("a").id = "another";
  EXPECT_EQ(commits("a", 1, 43), ErrorCode::unknown_member_id);
  EXPECT_EQ(committed(1), 42);
}

TEST_F(ClassicCommitTest, AMemberMayCommitWhileTheGroupWaitsForIt) {
  joins("b");
  EXPECT_EQ(commits("a", 1, 42), ErrorCode::none) << "what it did before it gives its share back";
  joins("a");
  static_cast<void>(join_of("a"));
  EXPECT_EQ(commits("a", 1, 43), ErrorCode::rebalance_in_progress);
}

TEST_F(ClassicCommitTest, PartitionsThatAreUnknownFailAlone) {
  ClassicCommitRequest request = commit_request("a", 9, 5);
  request.offsets.push_back({{"rides", 0}, 7, -1, "mine"});
  request.offsets.push_back({{"no-such-topic", 0}, 7, -1, {}});
  request.offsets.push_back({{"rides", 2}, 7, -1, std::string(5'000, 'x')});
  const auto reply = **commits(request);
  EXPECT_EQ(reply.outcome.code, ErrorCode::none);
  ASSERT_EQ(reply.partitions.size(), 4u);
  EXPECT_EQ(reply.partitions[0].code, ErrorCode::unknown_topic_or_partition);
  EXPECT_EQ(reply.partitions[1].code, ErrorCode::none);
  EXPECT_EQ(reply.partitions[2].code, ErrorCode::unknown_topic_or_partition);
  EXPECT_EQ(reply.partitions[3].code, ErrorCode::offset_metadata_too_large);
  EXPECT_EQ(committed(0), 7);
  EXPECT_EQ(committed(2), -1);
}

TEST_F(ClassicCommitTest, NobodyMayCommitOnlyWhileTheGroupIsEmpty) {
  EXPECT_EQ((**commits(of_nobody(0, 5))).outcome.code, ErrorCode::unknown_member_id);
  EXPECT_EQ(leaves("a"), ErrorCode::none);
  EXPECT_EQ((**commits(of_nobody(0, 5))).outcome.code, ErrorCode::none);
  EXPECT_EQ(committed(0), 5);
}

TEST_F(ClassicCommitTest, ACommitIsAnsweredWhenItIsDurable) {
  journal_.hold();
  const auto reply = commits(commit_request("a", 0, 5));
  EXPECT_FALSE(reply->has_value());
  journal_.settle();
  EXPECT_TRUE(reply->has_value());
}

TEST_F(ClassicCommitTest, ACommitThatCannotBeWrittenSaysSoForEachPartition) {
  journal_.refuse_next();
  const auto reply = **commits(commit_request("a", 0, 5));
  EXPECT_EQ(reply.partitions.at(0).code, ErrorCode::storage_error);
  EXPECT_EQ(committed(0), -1);
}

TEST_F(ClassicCommitTest, AGroupThatOnlyCommitsNeedsNoMembers) {
  ClassicCommitRequest request = of_nobody(0, 5);
  request.group = "assigns-by-hand";
  EXPECT_EQ((**commits(request)).outcome.code, ErrorCode::none);
  request.generation = 3;
  request.member_id = "x";
  request.group = "never-seen";
  EXPECT_EQ((**commits(request)).outcome.code, ErrorCode::illegal_generation);
}

}  // namespace
}  // namespace hailstorm::groups

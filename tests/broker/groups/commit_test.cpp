#include "tests/broker/groups/group_fixture.h"

namespace hailstorm::groups {
namespace {

class CommitTest : public GroupFixture {
 protected:
  CommitTest() { topic("rides", 2); }

  /// a owns partition 0, b owns 1.
  void two_members() {
    joins("a");
    joins("b");
    settle();
    if (owned("a") != std::vector<int32_t>{0}) std::swap(consumers_["a"], consumers_["b"]);
    ASSERT_THAT(owned("a"), ElementsAre(0));
    ASSERT_THAT(owned("b"), ElementsAre(1));
  }
};

TEST_F(CommitTest, ACommittedOffsetIsFetched) {
  joins("a");
  EXPECT_EQ(committed(0), -1);
  EXPECT_EQ(commits("a", 0, 42), ErrorCode::none);
  EXPECT_EQ(committed(0), 42);
  EXPECT_EQ(committed(1), -1);
}

// Invariant 29, three times.
TEST_F(CommitTest, ACommitOfAProcessThatIsNoMemberIsRefused) {
  joins("a");
  EXPECT_EQ(commits(Consumer{.id = "stranger", .epoch = 1}, 0, 42), ErrorCode::unknown_member_id);
  EXPECT_EQ(committed(0), -1);
}

TEST_F(CommitTest, ACommitOfAPartitionThatTheMemberDoesNotOwnIsRefused) {
  two_members();
  EXPECT_EQ(commits("a", 1, 42), ErrorCode::stale_member_epoch);
  EXPECT_EQ(committed(1), -1);
}

TEST_F(CommitTest, AnEpochThatNeverWasIsRefused) {
  joins("a");
  for (const int32_t wrong : {0, -1, 2}) {
    Consumer liar = consumer("a");
    liar.epoch = wrong;
    EXPECT_EQ(commits(liar, 0, 42), ErrorCode::fenced_member_epoch) << wrong;
  }
}

// Invariant 29: it lost the partition and got it again; work from before or in between is over.
TEST_F(CommitTest, AnEpochFromBeforeThePartitionWasLostIsRefused) {
  joins("a");
  const Consumer before = consumer("a");
  joins("b");
  settle();
  const int32_t lost = owned("b").front();
  commits("b", lost, 50);
  leaves("b");
  settle();
  EXPECT_EQ(commits(before, lost, 42), ErrorCode::stale_member_epoch);
  EXPECT_EQ(committed(lost), 50);
  EXPECT_EQ(commits("a", lost, 51), ErrorCode::none);
}

// KIP-1251: a rebalance that does not concern a partition is no reason to refuse its work.
TEST_F(CommitTest, AnOlderEpochWillDoForAPartitionHeldEverSince) {
  joins("a");
  const Consumer before = consumer("a");
  joins("b");
  settle();
  ASSERT_GT(consumer("a").epoch, before.epoch);
  EXPECT_EQ(commits(before, owned("a").front(), 42), ErrorCode::none);
}

// Invariant 29: a member that joins holds nothing, so its earlier work is over, even under its own
// id.
TEST_F(CommitTest, AMemberThatJoinedAgainIsFencedForItsEarlierWork) {
  joins("a");
  const Consumer before = consumer("a");
  joins("b");
  settle();
  const int32_t held_ever_since = owned("a").front();
  joins("a");
  ASSERT_EQ(owned("a").front(), held_ever_since);
  EXPECT_EQ(commits(before, held_ever_since, 42), ErrorCode::stale_member_epoch);
  EXPECT_EQ(commits("a", held_ever_since, 42), ErrorCode::none);
}

TEST_F(CommitTest, AMemberMayCommitARevokedPartitionUntilItReleasesIt) {
  joins("a");
  consumer("a").releases = false;
  joins("b");
  beats("a");
  const auto group = describe();
  const auto b = std::find_if(group.members.begin(), group.members.end(),
                              [](const auto& one) { return one.member_id == "b"; });
  const int32_t going = b->target.at(0).partition;
  EXPECT_EQ(commits("a", going, 42), ErrorCode::none);
  consumer("a").releases = true;
  beats("a");
  beats("a");
  EXPECT_EQ(commits("a", going, 43), ErrorCode::stale_member_epoch);
  EXPECT_EQ(committed(going), 42);
}

TEST_F(CommitTest, ACommitIsAllOrNothing) {
  two_members();
  auto request = commit_request(consumer("a"), 0, 42);
  request.offsets.push_back({{"rides", 1}, 42, -1, {}});
  EXPECT_EQ((*commit(request))->outcome.code, ErrorCode::stale_member_epoch);
  EXPECT_EQ(committed(0), -1);
}

// Invariant 30: no answer before the commit is durable, and nobody sees it until then.
TEST_F(CommitTest, ACommitIsAnsweredWhenItIsDurable) {
  joins("a");
  commits("a", 0, 41);
  journal_.hold();
  const auto answer = commit(commit_request(consumer("a"), 0, 42));
  const auto fetched = fetch({{"rides", 0}});
  EXPECT_FALSE(answer->has_value());
  EXPECT_FALSE(fetched->has_value()) << "a fetch waits for the commits before it";
  journal_.settle();
  EXPECT_EQ((*answer)->outcome.code, ErrorCode::none);
  EXPECT_EQ((*fetched)->offsets.at(0).offset, 42);
}

// Invariant 30: and not when another before it is.
TEST_F(CommitTest, EachCommitWaitsForItsOwnBatch) {
  joins("a");
  journal_.hold();
  const auto first = commit(commit_request(consumer("a"), 0, 42));
  const auto second = commit(commit_request(consumer("a"), 0, 43));
  journal_.settle_first();
  EXPECT_EQ((*first)->outcome.code, ErrorCode::none);
  EXPECT_FALSE(second->has_value());
  die_and_boot();
  EXPECT_EQ(committed(0), 42);
}

// Invariant 30: what may not be on the disk is not acknowledged, and not shown.
TEST_F(CommitTest, ACommitThatTheJournalLostIsAnError) {
  joins("a");
  commits("a", 0, 41);
  journal_.hold();
  const auto answer = commit(commit_request(consumer("a"), 0, 42));
  journal_.fail(/*in_the_log=*/false);
  EXPECT_EQ((*answer)->outcome.code, ErrorCode::storage_error);
  EXPECT_EQ(committed(0), 41);
  journal_.refuse_next();
  EXPECT_EQ(commits("a", 0, 43), ErrorCode::storage_error);
  EXPECT_EQ(committed(0), 41);
  compact();
  die_and_boot();
  EXPECT_EQ(committed(0), 41);
}

TEST_F(CommitTest, AnAdministratorMaySetOffsetsOfAnEmptyGroupOnly) {
  EXPECT_EQ(commits(nobody(), 0, 5), ErrorCode::none);
  EXPECT_EQ(committed(0), 5);
  joins("a");
  EXPECT_EQ(commits(nobody(), 0, 6), ErrorCode::non_empty_group);
  leaves("a");
  EXPECT_EQ(commits(nobody(), 0, 0), ErrorCode::none);
  EXPECT_EQ(committed(0), 0) << "an explicit reset may go back";
  EXPECT_EQ(commits(nobody(), 0, -1), ErrorCode::none);
  EXPECT_EQ(committed(0), -1);
}

TEST_F(CommitTest, InvalidCommitsAreRefused) {
  joins("a");
  EXPECT_EQ(commits("a", 0, -2), ErrorCode::invalid_request);
  auto request = commit_request(consumer("a"), 0, 1);
  request.offsets[0].metadata.assign(4'097, 'x');
  EXPECT_EQ((*commit(request))->outcome.code, ErrorCode::invalid_request);
  EXPECT_EQ(commits(nobody(), 7, 1), ErrorCode::non_empty_group);
  leaves("a");
  request = commit_request(nobody(), 0, 1);
  request.offsets.resize(100'001, request.offsets[0]);
  EXPECT_EQ((*commit(request))->outcome.code, ErrorCode::invalid_request);
  for (const int32_t none : {7, 2, -1}) {
    EXPECT_EQ(commits(nobody(), none, 1), ErrorCode::unknown_topic_or_partition) << none;
  }
}

// Invariant 39: a topic's offsets go with it, so that a topic of the same name starts without any.
TEST_F(CommitTest, OffsetsGoWithTheirTopic) {
  joins("a");
  commits("a", 0, 42);
  drop("rides");
  EXPECT_EQ(committed(0), -1);
  topic("rides", 2);
  EXPECT_EQ(committed(0), wire::kNewToGroup);
  die_and_boot();
  EXPECT_EQ(committed(0), wire::kNewToGroup);
}

TEST_F(CommitTest, ACommitUnderWayGoesWithItsTopicToo) {
  joins("a");
  journal_.hold();
  const auto answer = commit(commit_request(consumer("a"), 0, 42));
  drop("rides");
  journal_.settle();
  EXPECT_TRUE(answer->has_value());
  EXPECT_EQ(committed(0), -1);
}

TEST_F(CommitTest, AFetchWithoutPartitionsGivesAllCommittedOffsets) {
  joins("a");
  commits("a", 0, 4);
  commits("a", 1, 5);
  const auto all = fetch({});
  ASSERT_EQ((*all)->offsets.size(), 2U);
  EXPECT_EQ((*all)->offsets[1].offset, 5);
  EXPECT_EQ((*all)->offsets[1].id, (wire::TopicPartition{"rides", 1}));
}

TEST_F(CommitTest, DescribeShowsTheLag) {
  joins("a");
  commits("a", 0, 60);
  const auto group = describe();
  ASSERT_EQ(group.partitions.size(), 2U);
  EXPECT_EQ(group.partitions[0].lag, 40);  // the catalog has 10 to 100
  EXPECT_EQ(group.partitions[0].owner, "a");
  EXPECT_EQ(group.partitions[1].lag, 90) << "nothing committed: from the log's start";
}

}  // namespace
}  // namespace hailstorm::groups

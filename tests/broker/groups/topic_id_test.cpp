#include "broker/groups/group_schema.h"
#include "tests/broker/groups/group_fixture.h"

namespace hailstorm::groups {
namespace {

/// A topic that is deleted and made again under its name, as a group sees it.
class TopicIdTest : public GroupFixture {
 protected:
  TopicIdTest() { make(2); }

  void make(int32_t partitions) {
    catalog_.ids["rides"] = {{++last_id_}};
    topic("rides", partitions);
  }
  void remake(int32_t partitions = 2) {
    drop("rides");
    make(partitions);
  }
  Uuid id_now() { return catalog_.ids["rides"]; }
  /// The topic ids of the partitions that a consumer owns.
  std::set<Uuid> topic_ids(const std::string& name) {
    std::set<Uuid> ids;
    for (const auto& id : consumer(name).owned) ids.insert(id.topic_id);
    return ids;
  }
  ErrorCode commits_for(const Uuid& topic_id, const std::string& name, int64_t offset) {
    auto request = commit_request(consumer(name), 0, offset);
    request.offsets[0].id.topic_id = topic_id;
    const auto answer = commit(request);
    return answer->has_value() ? (*answer)->outcome.code : ErrorCode::unknown_outcome;
  }
  int64_t lag() {
    int64_t lag = 0;
    for (const auto& partition : describe().partitions) lag += partition.lag;
    return lag;
  }
  /// Rewrites the journal as a program would have written it that knew no ids.
  void forget_ids() {
    const Uuid id = catalog_.ids["rides"];
    catalog_.ids.clear();
    remember_ = id;
  }
  void know_ids() { catalog_.ids["rides"] = remember_; }

 private:
  uint8_t last_id_ = 0;
  Uuid remember_;
};

// Invariants 4 and 28: the member goes on with the new topic when no member works on the old one.
TEST_F(TopicIdTest, APartitionOfTheNewTopicIsAssignedWhenTheOldOneIsReleased) {
  joins("a");
  settle();
  const Uuid old_id = id_now();
  EXPECT_THAT(topic_ids("a"), ElementsAre(old_id));
  remake();
  for (int i = 0; i < 3; ++i) {
    const auto reply = **heartbeat(consumer("a").request(kGroup));
    EXPECT_THAT(reply.assignment, IsEmpty()) << "it still works on the old one";
  }
  settle();
  EXPECT_THAT(topic_ids("a"), ElementsAre(id_now()));
  EXPECT_EQ(owned("a").size(), 2U);
}

// Invariant 4.
TEST_F(TopicIdTest, ACommitForTheOldTopicIsRefusedAndNothingIsStored) {
  joins("a");
  settle();
  const Uuid old_id = id_now();
  EXPECT_EQ(commits_for(old_id, "a", 42), ErrorCode::none);
  remake();
  EXPECT_EQ(commits_for(old_id, "a", 50), ErrorCode::unknown_topic_id);
  settle();
  EXPECT_EQ(commits_for(old_id, "a", 50), ErrorCode::unknown_topic_id);
  EXPECT_EQ(committed(0), wire::kNewToGroup);
  EXPECT_EQ(commits_for(old_id, "nobody", 50), ErrorCode::unknown_topic_id);
  die_and_boot();
  EXPECT_EQ(committed(0), wire::kNewToGroup);
  EXPECT_EQ(lag(), 180) << "of the new topic";
}

// Invariant 4: the broker died between deleting and making, and wrote no tombstone.
TEST_F(TopicIdTest, ACommitForATopicMadeAgainWhileNoBrokerRanCountsNoMore) {
  joins("a");
  settle();
  commits("a", 0, 42);
  leaves("a");
  catalog_.ids["rides"] = {{77}};
  die_and_boot();
  EXPECT_EQ(committed(0), -1);
  EXPECT_TRUE(describe().partitions.empty()) << "before anything was written";
  coordinator_->topics_changed();
  EXPECT_EQ(committed(0), -1);
  const auto kept = coordinator_->snapshot();
  EXPECT_TRUE(std::none_of(kept.begin(), kept.end(), [](const auto& entry) {
    return (*decode_key(entry.key))->kind == RecordKind::offset_commit;
  })) << "the tombstone is written";
}

// Records of older programs mean the topic that exists when they are first read with ids.
TEST_F(TopicIdTest, RecordsWithoutIdsMeanTheTopicAtTheFirstStart) {
  forget_ids();
  die_and_boot();
  joins("b");
  settle();
  EXPECT_EQ(commits("b", 0, 42), ErrorCode::none);
  know_ids();
  die_and_boot();
  EXPECT_EQ(committed(0), 42);
  EXPECT_EQ(state(), "Stable");
  coordinator_->topics_changed();
  EXPECT_EQ(committed(0), 42);
  EXPECT_EQ(beats("b"), ErrorCode::none) << "a member stays";
  EXPECT_THAT(topic_ids("b"), ElementsAre(id_now()));
  const std::string before = picture();
  die_and_boot();
  EXPECT_EQ(picture(), before);
  catalog_.ids["rides"] = {{77}};
  die_and_boot();
  EXPECT_NE(committed(0), 42) << "from then on the records have the id";
}

// Invariant 40: whatever the reset rule of the group's members.
TEST_F(TopicIdTest, PartitionsThatCameAfterTheFirstSubscriptionAreNewToTheGroup) {
  joins("a");
  settle();
  EXPECT_EQ(committed(0), -1) << "its members' reset rule decides";
  EXPECT_EQ(committed(1), -1);
  topic("rides", 4);
  EXPECT_EQ(committed(1), -1);
  EXPECT_EQ(committed(2), wire::kNewToGroup);
  EXPECT_EQ(committed(3), wire::kNewToGroup);
  settle();
  die_and_boot();
  EXPECT_EQ(committed(3), wire::kNewToGroup) << "after a restart";
  compact();
  die_and_boot();
  EXPECT_EQ(committed(3), wire::kNewToGroup) << "after compaction";
  leaves("a");
  topic("rides", 5);
  joins("b");
  EXPECT_EQ(committed(1), -1);
  EXPECT_EQ(committed(4), wire::kNewToGroup) << "also those that came when nobody was there";
  settle();
  EXPECT_EQ(commits("b", 4, 42), ErrorCode::none);
  EXPECT_EQ(committed(4), 42);
}

TEST_F(TopicIdTest, ATopicThatIsMadeWhileTheGroupWaitsForItIsNewToIt) {
  drop("rides");
  joins("a");
  make(2);
  EXPECT_EQ(committed(0), wire::kNewToGroup);
  die_and_boot();
  EXPECT_EQ(committed(0), wire::kNewToGroup);
}

TEST_F(TopicIdTest, AHeartbeatSaysWhichTopicsAreMissing) {
  consumer("a").topics = {"rides", "trips"};
  const auto missing = [&] { return (*heartbeat(consumer("a").request(kGroup)))->missing_topics; };
  joins("a");
  EXPECT_THAT(missing(), ElementsAre("trips"));
  topic("trips", 1);
  EXPECT_THAT(missing(), IsEmpty());
  drop("rides");
  EXPECT_THAT(missing(), ElementsAre("rides"));
}

// No reader can have come so far, so the offset is of another log.
TEST_F(TopicIdTest, AnOffsetBeyondTheEndIsRefused) {
  joins("a");
  settle();
  EXPECT_EQ(commits("a", 0, 100), ErrorCode::none) << "all that there is";
  EXPECT_EQ(commits("a", 0, 101), ErrorCode::offset_out_of_range);
  EXPECT_EQ(commits("a", 1, 1'000'000'000), ErrorCode::offset_out_of_range);
  EXPECT_EQ(committed(0), 100);
  leaves("a");
  EXPECT_EQ(commits(nobody(), 0, 101), ErrorCode::offset_out_of_range);
}

TEST_F(TopicIdTest, WhereTheLogLostItsTailTheLagIsNotZero) {
  joins("a");
  settle();
  EXPECT_EQ(commits("a", 0, 90), ErrorCode::none);
  EXPECT_EQ(commits("a", 1, 100), ErrorCode::none);
  EXPECT_EQ(lag(), 10);
  catalog_.high_watermark = 50;
  EXPECT_EQ(lag(), 80) << "both partitions are read again from 10 on";
}

}  // namespace
}  // namespace hailstorm::groups

#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

/// What users of other brokers ran into with groups; the number before a test is the complaint's.
class GroupComplaintTest : public KafkaFixture {
 protected:
  static kafka::JoinGroupRequest join_request(const std::string& group,
                                              const std::string& member_id = "") {
    kafka::JoinGroupRequest request;
    request.group_id = group;
    request.session_timeout_ms = request.rebalance_timeout_ms = 10'000;
    request.member_id = member_id;
    request.protocol_type = "consumer";
    request.protocols.push_back({"range", {"subscription"}});
    return request;
  }
  static kafka::SyncGroupRequest sync_request(const std::string& group,
                                              const kafka::JoinGroupResponse& joined) {
    kafka::SyncGroupRequest request;
    request.group_id = group;
    request.generation_id = joined.generation_id;
    request.member_id = joined.member_id;
    if (joined.leader == joined.member_id) {
      for (const auto& member : joined.members)
        request.assignments.push_back({member.member_id, {"of " + member.member_id}});
    }
    return request;
  }
  static constexpr size_t kMembers = 4;

  /// Joins, and joins again with each member that comes, until there are so many of them.
  static void take_part_until_all_do(KafkaPeer peer, const std::string& group) {
    std::string id;
    while (true) {
      const auto joined = peer.ask(join_request(group, id), 5);
      id = joined.member_id;
      if (joined.error_code == 79) continue;
      ASSERT_EQ(joined.error_code, 0);
      auto sync = sync_request(group, joined);
      for (auto& share : sync.assignments)
        share.assignment.bytes = joined.members.size() == kMembers ? "all" : "";
      const auto synced = peer.ask(sync, 3);
      if (synced.assignment.bytes == "all") return;
      kafka::HeartbeatRequest beat;
      beat.group_id = group;
      beat.generation_id = joined.generation_id;
      beat.member_id = id;
      int16_t code = synced.error_code;
      while (code == 0) code = peer.ask(beat, 3).error_code;
      ASSERT_EQ(code, 27);
    }
  }
  /// A commit of a client that assigned its partitions to itself.
  static kafka::OffsetCommitRequest commit_request(const std::string& topic, const Uuid& id,
                                                   int64_t offset) {
    kafka::OffsetCommitRequest request;
    request.group_id = "g";
    request.topics.push_back({topic, id, {{0, offset, -1, "mine"}}});
    return request;
  }
};

// 10: redpanda 4189, 3842.
TEST_F(GroupComplaintTest, AMemberWithANameOfItsOwnComesBackToItsPlace) {
  KafkaPeer peer = connect();
  auto request = join_request("g");
  request.group_instance_id = "instance";
  const auto first = peer.ask(request, 5);
  ASSERT_EQ(first.error_code, 0);
  EXPECT_EQ(peer.ask(sync_request("g", first), 3).assignment.bytes, "of " + first.member_id);
  const auto again = peer.ask(request, 5);
  EXPECT_EQ(again.error_code, 0);
  EXPECT_EQ(again.generation_id, first.generation_id) << "nothing is assigned again";
  kafka::HeartbeatRequest beat;
  beat.group_id = "g";
  beat.generation_id = first.generation_id;
  beat.member_id = first.member_id;
  beat.group_instance_id = "instance";
  EXPECT_EQ(peer.ask(beat, 3).error_code, 82) << "the one before it is shut out";
}

// 28: kafka 21063.
TEST_F(GroupComplaintTest, AnErrorOfTheGroupStandsAtEachPartitionInOldVersions) {
  KafkaPeer peer = connect();
  create(peer, "rides", 2);
  kafka::OffsetFetchRequest request;
  request.group_id = std::string(2'000, 'g');
  request.topics->push_back({"rides", {0, 1}});
  const auto fetched = peer.ask(request, 1).topics;
  ASSERT_EQ(fetched.at(0).partitions.size(), 2u);
  for (const auto& partition : fetched[0].partitions) {
    EXPECT_NE(partition.error_code, 0);
    EXPECT_EQ(partition.committed_offset, -1);
  }
}

// 29: kop 797.
TEST_F(GroupComplaintTest, ATopicThatWasCommittedByNameAndByIdIsThereOnce) {
  KafkaPeer peer = connect();
  const Uuid id = create(peer, "rides").topics.at(0).topic_id;
  EXPECT_EQ(peer.ask(commit_request("rides", {}, 1), 8).topics.at(0).partitions.at(0).error_code,
            0);
  EXPECT_EQ(peer.ask(commit_request("", id, 2), 10).topics.at(0).partitions.at(0).error_code, 0);
  kafka::OffsetFetchRequest request;
  request.group_id = "g";
  request.topics.reset();
  const auto fetched = peer.ask(request, 7).topics;
  ASSERT_EQ(fetched.size(), 1u);
  ASSERT_EQ(fetched[0].partitions.size(), 1u);
  EXPECT_EQ(fetched[0].partitions[0].committed_offset, 2);
}

// 33: nisshi.
TEST_F(GroupComplaintTest, WhatAClientCommitsWithAnOffsetIsKept) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  peer.ask(commit_request("rides", {}, 1), 8);
  kafka::OffsetFetchRequest request;
  request.group_id = "g";
  request.topics->push_back({"rides", {0}});
  EXPECT_EQ(peer.ask(request, 7).topics.at(0).partitions.at(0).metadata, "mine");
}

// 33: nisshi.
TEST_F(GroupComplaintTest, MembersThatJoinWhileOthersDoAreAlwaysKnown) {
  start();
  for (int round = 0; round < 5; ++round) {
    const std::string group = "g" + std::to_string(round);
    std::vector<std::thread> members;
    for (size_t i = 0; i < kMembers; ++i)
      members.emplace_back([this, &group] { take_part_until_all_do(connect(), group); });
    for (auto& member : members) member.join();
  }
}

// 32: console 1815.
TEST_F(GroupComplaintTest, AGroupThatIsNoClassicOneIsDeadAndInNewVersionsNotFound) {
  KafkaPeer peer = connect();
  kafka::DescribeGroupsRequest request;
  request.groups = {"unknown"};
  const auto old = peer.ask(request, 5).groups.at(0);
  EXPECT_EQ(old.error_code, 0);
  EXPECT_EQ(old.group_state, "Dead");
  const auto now = peer.ask(request, 6).groups.at(0);
  EXPECT_EQ(now.error_code, 69);
  EXPECT_EQ(now.group_state, "Dead");
}

}  // namespace
}  // namespace hailstorm::broker

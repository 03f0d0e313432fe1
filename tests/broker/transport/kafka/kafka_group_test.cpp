#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

class KafkaGroupTest : public KafkaFixture {
 protected:
  static kafka::JoinGroupRequest join_request(const std::string& member_id) {
    kafka::JoinGroupRequest request;
    request.group_id = "g";
    request.session_timeout_ms = 6'000;
    request.rebalance_timeout_ms = 6'000;
    request.member_id = member_id;
    request.protocol_type = "consumer";
    request.protocols.push_back({"range", {"subscription"}});
    return request;
  }
  /// A group of one, which leads and assigns.
  static kafka::JoinGroupResponse joined(KafkaPeer& peer, int16_t version) {
    auto response = peer.ask(join_request(""), version);
    if (response.error_code == 79) response = peer.ask(join_request(response.member_id), version);
    return response;
  }
  static kafka::SyncGroupResponse synced(KafkaPeer& peer, const kafka::JoinGroupResponse& member,
                                         int16_t version) {
    kafka::SyncGroupRequest request;
    request.group_id = "g";
    request.generation_id = member.generation_id;
    request.member_id = member.member_id;
    request.assignments.push_back({member.member_id, {"its share"}});
    return peer.ask(request, version);
  }
  static int16_t beat(KafkaPeer& peer, const kafka::JoinGroupResponse& member, int16_t version) {
    kafka::HeartbeatRequest request;
    request.group_id = "g";
    request.generation_id = member.generation_id;
    request.member_id = member.member_id;
    return peer.ask(request, version).error_code;
  }
};

TEST_F(KafkaGroupTest, AMemberJoinsSharesBeatsAndLeavesInEveryVersion) {
  KafkaPeer peer = connect();
  for (int16_t version = 0; version <= 9; ++version) {
    const auto member = joined(peer, version);
    ASSERT_EQ(member.error_code, 0) << version;
    EXPECT_EQ(member.leader, member.member_id);
    EXPECT_EQ(member.members.at(0).metadata.bytes, "subscription");
    EXPECT_EQ(member.protocol_name, "range");
    EXPECT_EQ(synced(peer, member, std::min<int16_t>(version, 5)).assignment.bytes, "its share");
    EXPECT_EQ(beat(peer, member, std::min<int16_t>(version, 4)), 0);

    kafka::LeaveGroupRequest leave;
    leave.group_id = "g";
    leave.member_id = member.member_id;
    leave.members.push_back({member.member_id, std::nullopt, std::nullopt});
    const auto left = peer.ask(leave, std::min<int16_t>(version, 5));
    EXPECT_EQ(left.error_code, 0);
    EXPECT_EQ(left.members.size(), version < 3 ? 0u : 1u);
    EXPECT_EQ(beat(peer, member, 4), 25);
  }
}

TEST_F(KafkaGroupTest, ANameThatIsNoneIsRefusedByItsNumber) {
  KafkaPeer peer = connect();
  auto request = join_request("");
  request.group_id.clear();
  EXPECT_EQ(peer.ask(request, 5).error_code, 24);
}

TEST_F(KafkaGroupTest, OffsetsAreCommittedAndFetchedByTopicAndPartition) {
  KafkaPeer peer = connect();
  const Uuid id = create(peer, "rides", 2).topics.at(0).topic_id;
  const auto member = joined(peer, 5);
  synced(peer, member, 3);
  kafka::OffsetCommitRequest commit;
  commit.group_id = "g";
  commit.generation_id_or_member_epoch = member.generation_id;
  commit.member_id = member.member_id;
  commit.topics.push_back({"rides", {}, {{0, 5, 0, "mine"}, {7, 5, 0, ""}}});
  commit.topics.push_back({"unknown", {}, {{0, 5, 0, ""}}});
  const auto committed = peer.ask(commit, 8);
  EXPECT_EQ(committed.topics.at(0).partitions.at(0).error_code, 0);
  EXPECT_EQ(committed.topics.at(0).partitions.at(1).error_code, 3);
  EXPECT_EQ(committed.topics.at(1).partitions.at(0).error_code, 3);

  kafka::OffsetFetchRequest fetch;
  fetch.group_id = "g";
  fetch.topics->push_back({"rides", {0, 1}});
  for (const int16_t version : std::vector<int16_t>{1, 5, 7}) {
    const auto fetched = peer.ask(fetch, version);
    EXPECT_EQ(fetched.error_code, 0);
    ASSERT_EQ(fetched.topics.at(0).partitions.size(), 2u);
    EXPECT_EQ(fetched.topics[0].partitions[0].committed_offset, 5);
    EXPECT_EQ(fetched.topics[0].partitions[0].metadata, "mine");
    EXPECT_EQ(fetched.topics[0].partitions[1].committed_offset, -1);
    EXPECT_EQ(fetched.topics[0].partitions[1].error_code, 0);
  }
  fetch.topics.reset();
  EXPECT_EQ(peer.ask(fetch, 5).topics.at(0).partitions.size(), 1u) << "all that are committed";

  kafka::OffsetFetchRequest several;
  several.groups.push_back({"g", std::nullopt, -1, std::nullopt});
  several.groups.push_back({"another", std::nullopt, -1, {{{"rides", id, {0}}}}});
  for (const int16_t version : std::vector<int16_t>{8, 9, 10}) {
    const auto fetched = peer.ask(several, version);
    ASSERT_EQ(fetched.groups.size(), 2u);
    EXPECT_EQ(fetched.groups[0].topics.at(0).partitions.at(0).committed_offset, 5);
    EXPECT_EQ(fetched.groups[0].topics.at(0).topic_id, version < 10 ? Uuid() : id);
    EXPECT_EQ(fetched.groups[1].topics.at(0).partitions.at(0).committed_offset, -1);
  }
}

TEST_F(KafkaGroupTest, ACommitOfAnOlderGenerationFailsForEachPartition) {
  KafkaPeer peer = connect();
  create(peer, "rides", 2);
  const auto member = joined(peer, 5);
  synced(peer, member, 3);
  kafka::OffsetCommitRequest commit;
  commit.group_id = "g";
  commit.generation_id_or_member_epoch = member.generation_id + 1;
  commit.member_id = member.member_id;
  commit.topics.push_back({"rides", {}, {{0, 5, 0, ""}, {1, 5, 0, ""}}});
  const auto committed = peer.ask(commit, 8);
  EXPECT_EQ(committed.topics.at(0).partitions.at(0).error_code, 22);
  EXPECT_EQ(committed.topics.at(0).partitions.at(1).error_code, 22);
}

}  // namespace
}  // namespace hailstorm::broker

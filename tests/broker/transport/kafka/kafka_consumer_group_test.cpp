#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Groups of KIP-848's protocol.
class KafkaConsumerGroupTest : public KafkaFixture {
 protected:
  using Request = kafka::ConsumerGroupHeartbeatRequest;
  using Response = kafka::ConsumerGroupHeartbeatResponse;

  static Request joining(const std::string& member) {
    Request request;
    request.group_id = "g";
    request.member_id = member;
    request.rebalance_timeout_ms = 30'000;
    request.subscribed_topic_names = std::vector<std::string>{"rides"};
    request.topic_partitions.emplace();
    return request;
  }
  static kafka::OffsetCommitResponse commit(KafkaPeer& peer, const std::string& member,
                                            int32_t epoch) {
    kafka::OffsetCommitRequest request;
    request.group_id = "g";
    request.generation_id_or_member_epoch = epoch;
    request.member_id = member;
    request.topics.push_back({"rides", {}, {{0, 0, 0, ""}}});
    return peer.ask(request, 9);
  }
  static int16_t fetch_error(KafkaPeer& peer, const std::string& member, int32_t epoch) {
    kafka::OffsetFetchRequest request;
    auto& group = request.groups.emplace_back();
    group.group_id = "g";
    group.member_id = member;
    group.member_epoch = epoch;
    group.topics->push_back({"rides", {}, {0}});
    return peer.ask(request, 9).groups.at(0).error_code;
  }
};

TEST_F(KafkaConsumerGroupTest, AMemberJoinsInEveryVersionAndIsGivenPartitionsByTopicId) {
  KafkaPeer peer = connect();
  const Uuid rides = create(peer, "rides", 2).topics.at(0).topic_id;
  for (int16_t version = 0; version <= 1; ++version) {
    const Response joined = peer.ask(joining(version == 0 ? "" : "m"), version);
    ASSERT_EQ(joined.error_code, 0);
    ASSERT_TRUE(joined.assignment);
    const auto& topics = joined.assignment->topic_partitions;
    ASSERT_EQ(topics.size(), 1u);
    EXPECT_EQ(topics[0].topic_id, rides);
    EXPECT_THAT(topics[0].partitions, ElementsAre(0, 1));
    EXPECT_EQ(joined.heartbeat_interval_ms, 5'000);

    Request leave;
    leave.group_id = "g";
    leave.member_id = *joined.member_id;
    leave.member_epoch = -1;
    const Response left = peer.ask(leave, version);
    EXPECT_EQ(left.error_code, 0);
    EXPECT_EQ(left.member_epoch, -1);
    EXPECT_FALSE(left.assignment);
  }
}

TEST_F(KafkaConsumerGroupTest, RefusalsHaveKafkasNumbers) {
  KafkaPeer peer = connect();
  create(peer, "rides", 2);
  const auto code_of = [&](const Request& request) { return peer.ask(request, 1).error_code; };
  Request request = joining("m");
  request.topic_partitions.reset();
  EXPECT_EQ(code_of(request), 42);
  request = joining("m");
  request.group_id.clear();
  EXPECT_EQ(code_of(request), 42);
  request = joining("m");
  request.server_assignor = "sticky";
  EXPECT_EQ(code_of(request), 112);
  request = joining("m");
  request.subscribed_topic_regex = "(";
  EXPECT_EQ(code_of(request), 128);
  request = joining("m");
  request.member_epoch = 1;
  EXPECT_EQ(code_of(request), 69);
  request = joining("m");
  request.instance_id = "i";
  EXPECT_EQ(code_of(request), 0);
  request.member_id = "n";
  EXPECT_EQ(code_of(request), 111);
  request.member_epoch = 1;
  EXPECT_EQ(code_of(request), 82);
  request.member_id = "m";
  request.member_epoch = 9;
  EXPECT_EQ(code_of(request), 110);
  request.member_id = "o";
  request.instance_id.reset();
  EXPECT_EQ(code_of(request), 25);
}

TEST_F(KafkaConsumerGroupTest, AGroupIsDescribedInItsOwnWayAndIsDeadInTheOther) {
  KafkaPeer peer = connect();
  create(peer, "rides", 2);
  static_cast<void>(peer.ask(joining("m"), 1));
  for (int16_t version = 0; version <= 1; ++version) {
    kafka::ConsumerGroupDescribeRequest request;
    request.group_ids = {"g", "none"};
    const auto groups = peer.ask(request, version).groups;
    ASSERT_EQ(groups.size(), 2u);
    EXPECT_EQ(groups[0].group_state, "Stable");
    EXPECT_EQ(groups[0].group_epoch, 1);
    EXPECT_EQ(groups[0].assignor_name, "uniform");
    ASSERT_EQ(groups[0].members.size(), 1u);
    const auto& member = groups[0].members[0];
    EXPECT_EQ(member.member_id, "m");
    EXPECT_EQ(member.client_id, "test");
    EXPECT_EQ(member.client_host, "/127.0.0.1");
    EXPECT_EQ(member.member_type, version == 0 ? -1 : 1);
    EXPECT_THAT(member.subscribed_topic_names, ElementsAre("rides"));
    EXPECT_EQ(member.assignment.topic_partitions.at(0).topic_name, "rides");
    EXPECT_THAT(member.target_assignment.topic_partitions.at(0).partitions, ElementsAre(0, 1));
    EXPECT_EQ(groups[1].error_code, 69);
  }
  kafka::DescribeGroupsRequest other;
  other.groups = {"g"};
  EXPECT_EQ(peer.ask(other, 6).groups.at(0).error_code, 69);
  EXPECT_EQ(peer.ask(other, 6).groups.at(0).group_state, "Dead");

  kafka::ListGroupsRequest list;
  list.types_filter = {"Consumer"};
  const auto listed = peer.ask(list, 5).groups;
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].group_type, "consumer");
  list.types_filter = {"classic"};
  EXPECT_THAT(peer.ask(list, 5).groups, IsEmpty());
}

TEST_F(KafkaConsumerGroupTest, OffsetsAreCommittedAndFetchedWithTheMembersEpoch) {
  KafkaPeer peer = connect();
  create(peer, "rides", 2);
  static_cast<void>(peer.ask(joining("m"), 1));
  const auto code_of = [&](const auto& response) {
    return response.topics.at(0).partitions.at(0).error_code;
  };
  EXPECT_EQ(code_of(commit(peer, "m", 1)), 0);
  EXPECT_EQ(code_of(commit(peer, "m", 2)), 113);
  EXPECT_EQ(code_of(commit(peer, "n", 1)), 25);
  EXPECT_EQ(fetch_error(peer, "m", 1), 0);
  EXPECT_EQ(fetch_error(peer, "m", 2), 113);
  EXPECT_EQ(fetch_error(peer, "n", 1), 25);
}

}  // namespace
}  // namespace hailstorm::broker

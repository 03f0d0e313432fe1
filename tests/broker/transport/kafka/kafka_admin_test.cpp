#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

/// What Kafka's administration tools ask.
class KafkaAdminTest : public KafkaFixture {
 protected:
  static std::string join(KafkaPeer& peer, const std::string& group) {
    kafka::JoinGroupRequest request;
    request.group_id = group;
    request.session_timeout_ms = 6'000;
    request.rebalance_timeout_ms = 6'000;
    request.protocol_type = "consumer";
    request.protocols.push_back({"range", {"subscription"}});
    return peer.ask(request, 3).member_id;
  }
};

TEST_F(KafkaAdminTest, GroupsAreListedAndDescribed) {
  KafkaPeer peer = connect();
  const std::string member = join(peer, "g");
  const auto listed = peer.ask(kafka::ListGroupsRequest{}, 5);
  ASSERT_EQ(listed.groups.size(), 1u);
  EXPECT_EQ(listed.groups[0].group_id, "g");
  EXPECT_EQ(listed.groups[0].group_state, "CompletingRebalance");
  EXPECT_EQ(listed.groups[0].group_type, "classic");
  kafka::ListGroupsRequest only_empty;
  only_empty.states_filter = {"Empty"};
  EXPECT_TRUE(peer.ask(only_empty, 4).groups.empty());

  kafka::DescribeGroupsRequest describe;
  describe.groups = {"g", "unknown"};
  const auto described = peer.ask(describe, 5).groups;
  EXPECT_EQ(described.at(0).protocol_type, "consumer");
  EXPECT_EQ(described.at(0).members.at(0).member_id, member);
  EXPECT_EQ(described.at(0).members.at(0).client_id, "test");
  EXPECT_EQ(described.at(0).members.at(0).client_host, "/127.0.0.1");
  EXPECT_EQ(described.at(0).members.at(0).member_metadata.bytes, "subscription");
  EXPECT_EQ(described.at(1).error_code, 0);
  EXPECT_EQ(described.at(1).group_state, "Dead");
  EXPECT_EQ(peer.ask(describe, 6).groups.at(1).error_code, 69);
}

TEST_F(KafkaAdminTest, OnlyAGroupWithoutMembersIsDeleted) {
  KafkaPeer peer = connect();
  const std::string member = join(peer, "g");
  kafka::DeleteGroupsRequest remove;
  remove.groups_names = {"g", "unknown"};
  const auto refused = peer.ask(remove, 2).results;
  EXPECT_EQ(refused.at(0).error_code, 68);
  EXPECT_EQ(refused.at(1).error_code, 69);
  kafka::LeaveGroupRequest leave;
  leave.group_id = "g";
  leave.member_id = member;
  EXPECT_EQ(peer.ask(leave, 1).error_code, 0);
  EXPECT_EQ(peer.ask(remove, 2).results.at(0).error_code, 0);
  EXPECT_TRUE(peer.ask(kafka::ListGroupsRequest{}, 0).groups.empty());
}

TEST_F(KafkaAdminTest, SettingsOfATopicAreDescribedWithTheirSource) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  kafka::DescribeConfigsRequest request;
  request.resources.push_back({2, "rides", {{"cleanup.policy", "retention.ms"}}});
  request.resources.push_back({2, "unknown", std::nullopt});
  request.resources.push_back({4, "1", std::nullopt});
  const auto results = peer.ask(request, 4).results;
  ASSERT_EQ(results.at(0).configs.size(), 2u);
  EXPECT_EQ(results[0].configs[0].name, "cleanup.policy");
  EXPECT_EQ(results[0].configs[0].value, "delete");
  EXPECT_EQ(results[0].configs[0].config_source, 5);
  EXPECT_EQ(results.at(1).error_code, 3);
  EXPECT_EQ(results.at(2).configs.at(0).name, "auto.create.topics.enable");
  EXPECT_EQ(results[2].configs[0].value, "true");
}

TEST_F(KafkaAdminTest, ATopicGetsMorePartitions) {
  KafkaPeer peer = connect();
  create(peer, "rides", 2);
  kafka::CreatePartitionsRequest request;
  request.topics.push_back({"rides", 5, std::nullopt});
  request.topics.push_back({"unknown", 5, std::nullopt});
  const auto results = peer.ask(request, 3).results;
  EXPECT_EQ(results.at(0).error_code, 0);
  EXPECT_EQ(results.at(1).error_code, 3);
  EXPECT_EQ(topics_->find("rides")->partitions.size(), 5u);
  EXPECT_EQ(peer.ask(request, 0).results.at(0).error_code, 37);
}

TEST_F(KafkaAdminTest, TheOneEpochEndsAtTheEndOfTheLog) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  produced(peer, "rides", batch({"one", "two"}));
  kafka::OffsetForLeaderEpochRequest request;
  request.topics.push_back({"rides", {{0, 0, 0}, {0, 1, 0}, {9, 0, 0}}});
  const auto partitions = peer.ask(request, 4).topics.at(0).partitions;
  EXPECT_EQ(partitions.at(0).leader_epoch, 0);
  EXPECT_EQ(partitions.at(0).end_offset, 2);
  EXPECT_EQ(partitions.at(1).error_code, 75);
  EXPECT_EQ(partitions.at(2).error_code, 3);
}

TEST_F(KafkaAdminTest, TheClusterIsDescribedAndWhatItHasNoneOfIsEmpty) {
  KafkaPeer peer = connect();
  const auto cluster = peer.ask(kafka::DescribeClusterRequest{}, 1);
  EXPECT_EQ(cluster.cluster_id, topics_->cluster_id().text());
  EXPECT_EQ(cluster.brokers.at(0).port, transport_->port());
  EXPECT_EQ(peer.ask(kafka::DescribeAclsRequest{}, 2).error_code, 54);
  EXPECT_EQ(peer.ask(kafka::ListPartitionReassignmentsRequest{}, 0).error_code, 0);
  EXPECT_EQ(peer.ask(kafka::DescribeClientQuotasRequest{}, 1).error_code, 0);
  EXPECT_EQ(peer.ask(kafka::DescribeUserScramCredentialsRequest{}, 0).error_code, 0);
}

}  // namespace
}  // namespace hailstorm::broker

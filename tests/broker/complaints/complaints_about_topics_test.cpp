#include <algorithm>

#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

/// What users of other brokers ran into with topics and settings; the number before a test is the
/// complaint's.
class TopicComplaintTest : public KafkaFixture {
 protected:
  using Configs = std::map<std::string, std::pair<std::string, int>>;  // value, source

  static constexpr int8_t kTopic = 2;
  static constexpr int8_t kBroker = 4;
  static constexpr int kDynamic = 1;
  static constexpr int kDefault = 5;

  static Configs described(KafkaPeer& peer, int8_t type, const std::string& name) {
    kafka::DescribeConfigsRequest request;
    request.resources.push_back({type, name, std::nullopt});
    Configs configs;
    const auto response = peer.ask(request, 4);
    for (const auto& config : response.results.at(0).configs)
      configs[config.name] = {config.value.value_or(""), config.config_source};
    return configs;
  }
  static kafka::MetadataRequest metadata_of(const std::string& topic) {
    kafka::MetadataRequest request;
    request.topics->push_back({{}, topic});
    return request;
  }
};

// 11: redpanda 922, 4116, 10387.
TEST_F(TopicComplaintTest, TheClusterHasOneIdFromTheFirstAnswerOn) {
  KafkaPeer first = connect();
  const auto id = first.ask(kafka::MetadataRequest{}, 2).cluster_id;
  ASSERT_TRUE(id && !id->empty());
  create(first, "rides");
  KafkaPeer second = connect();
  EXPECT_EQ(second.ask(kafka::MetadataRequest{}, 12).cluster_id, id);
  EXPECT_EQ(second.ask(kafka::DescribeClusterRequest{}, 1).cluster_id, id);
}

// 12: redpanda 411, 7162, 1256, 3787.
TEST_F(TopicComplaintTest, ATopicCanBeWrittenToAndReadFromAsSoonAsItWasCreated) {
  KafkaPeer peer = connect();
  KafkaPeer another = connect();
  for (int i = 0; i < 10; ++i) {
    const std::string name = "topic-" + std::to_string(i);
    ASSERT_EQ(create(peer, name, 3).topics.at(0).error_code, 0);
    for (int32_t partition = 0; partition < 3; ++partition)
      EXPECT_EQ(produced(another, name, batch({"one"}), partition).error_code, 0);
    const auto fetched = another.ask(fetch_request(name, 0), 11);
    EXPECT_EQ(fetched.responses.at(0).partitions.at(0).high_watermark, 1);
  }
}

// 30: azure-eventhubs-emulator 50.
TEST_F(TopicComplaintTest, ATopicThatWasMadeByAskingForItIsInTheSameAnswerAndInTheNext) {
  KafkaPeer peer = connect();
  for (const int16_t version : std::vector<int16_t>{1, 4, 8, 9, 12, 13}) {
    auto request = metadata_of("topic-" + std::to_string(version));
    EXPECT_EQ(peer.ask(request, version).topics.at(0).error_code, 0) << version;
    request.allow_auto_topic_creation = false;
    EXPECT_EQ(peer.ask(request, 12).topics.at(0).error_code, 0) << version;
  }
}

// 13: redpanda 591.
TEST_F(TopicComplaintTest, TheCleanupPolicyOfATopicIsDescribed) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  EXPECT_EQ(described(peer, kTopic, "rides").at("cleanup.policy"),
            std::pair(std::string("delete"), kDefault));
}

// 14: redpanda 1276.
TEST_F(TopicComplaintTest, TheBrokerSaysWhetherItMakesTopics) {
  KafkaPeer peer = connect();
  EXPECT_EQ(described(peer, kBroker, "1").at("auto.create.topics.enable").first, "true");
}

// 15: redpanda 16578, 17456, 2225.
TEST_F(TopicComplaintTest, ACreatedTopicSaysAllItsSettingsAsIfTheyWereDescribed) {
  KafkaPeer peer = connect();
  kafka::CreateTopicsRequest request;
  request.topics.push_back({"rides", 1, 1, {}, {{"retention.ms", "60000"}}});
  Configs created;
  const auto topics = peer.ask(request, 5).topics;
  for (const auto& config : *topics.at(0).configs)
    created[config.name] = {config.value.value_or(""), config.config_source};
  EXPECT_EQ(created, described(peer, kTopic, "rides"));
  EXPECT_EQ(created.at("retention.ms"), std::pair(std::string("60000"), kDynamic));
  EXPECT_EQ(created.at("retention.bytes"), std::pair(std::string("-1"), kDefault));
}

// 16: redpanda 282, 935, 2645.
TEST_F(TopicComplaintTest, OneSettingIsChangedAndTheOthersStay) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  kafka::IncrementalAlterConfigsRequest request;
  request.resources.push_back({kTopic, "rides", {{"retention.ms", 0, "60000"}}});
  for (const int16_t version : std::vector<int16_t>{0, 1})
    EXPECT_EQ(peer.ask(request, version).responses.at(0).error_code, 0);
  const auto changed = described(peer, kTopic, "rides");
  EXPECT_EQ(changed.at("retention.ms"), std::pair(std::string("60000"), kDynamic));
  EXPECT_EQ(changed.at("retention.bytes"), std::pair(std::string("-1"), kDefault));
}

// 17: redpanda 903, 18279.
TEST_F(TopicComplaintTest, FoldersAreDescribedWithTheirTopicsAndTheirDisk) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  produced(peer, "rides", batch({"one"}));
  kafka::DescribeLogDirsRequest request;
  request.topics.reset();
  for (const int16_t version : std::vector<int16_t>{1, 2, 3, 4}) {
    const auto folders = peer.ask(request, version).results;
    ASSERT_EQ(folders.size(), 1u) << version;
    EXPECT_EQ(folders[0].error_code, 0);
    const auto rides = std::ranges::find_if(
        folders[0].topics, [](const auto& topic) { return topic.name == "rides"; });
    ASSERT_NE(rides, folders[0].topics.end());
    EXPECT_GT(rides->partitions.at(0).partition_size, 0);
    if (version < 4) continue;
    EXPECT_GT(folders[0].usable_bytes, 0);
    EXPECT_GE(folders[0].total_bytes, folders[0].usable_bytes);
  }
}

// 22: redpanda 571. Connect makes three such topics, and looks whether they are.
TEST_F(TopicComplaintTest, TopicsOfConnectAreCompacted) {
  KafkaPeer peer = connect();
  kafka::CreateTopicsRequest request;
  request.topics.push_back({"connect-offsets", 25, 1, {}, {{"cleanup.policy", "compact"}}});
  ASSERT_EQ(peer.ask(request, 7).topics.at(0).error_code, 0);
  EXPECT_EQ(described(peer, kTopic, "connect-offsets").at("cleanup.policy"),
            std::pair(std::string("compact"), kDynamic));
}

// 33: nisshi.
TEST_F(TopicComplaintTest, ARecordWithoutAKeyIsNoneOfACompactedTopic) {
  KafkaPeer peer = connect();
  kafka::CreateTopicsRequest request;
  request.topics.push_back({"table", 1, 1, {}, {{"cleanup.policy", "compact"}}});
  ASSERT_EQ(peer.ask(request, 7).topics.at(0).error_code, 0);
  EXPECT_EQ(produced(peer, "table", batch({"without a key"})).error_code, 87);
  wire::RecordBatchBuilder builder;
  builder.append(kTimeMs, "key", "value");
  EXPECT_EQ(produced(peer, "table", std::string(as_text(builder.finish()))).error_code, 0);
}

// 18: redpanda 764.
TEST_F(TopicComplaintTest, RulesOfAccessAreSaidNotToBeThere) {
  KafkaPeer peer = connect();
  kafka::DescribeAclsRequest request;
  request.resource_type_filter = request.operation = request.permission_type = 1;  // any
  for (const int16_t version : std::vector<int16_t>{1, 2, 3})
    EXPECT_EQ(peer.ask(request, version).error_code, 54) << version;
}

// 23: redpanda 5786. What ksqlDB wants of the topic of its commands.
TEST_F(TopicComplaintTest, ATopicIsMadeWithTheSettingsThatKsqlDbWants) {
  KafkaPeer peer = connect();
  kafka::CreateTopicsRequest request;
  request.topics.push_back({"_confluent-ksql-default_command_topic",
                            1,
                            1,
                            {},
                            {{"retention.ms", "-1"},
                             {"cleanup.policy", "delete"},
                             {"min.insync.replicas", "1"},
                             {"unclean.leader.election.enable", "false"}}});
  const auto topic = peer.ask(request, 7).topics.at(0);
  EXPECT_EQ(topic.error_code, 0) << topic.error_message.value_or("");
  EXPECT_EQ(described(peer, kTopic, request.topics[0].name).at("retention.ms").first, "-1");
}

// 33: nisshi.
TEST_F(TopicComplaintTest, MorePartitionsAreAnsweredForEachTopic) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  create(peer, "zones");
  kafka::CreatePartitionsRequest request;
  request.topics = {{"rides", 2, std::nullopt}, {"zones", 3, std::nullopt}};
  for (const int16_t version : std::vector<int16_t>{0, 3}) {
    const auto results = peer.ask(request, version).results;
    ASSERT_EQ(results.size(), 2u);
    EXPECT_EQ(results[0].name, "rides");
    EXPECT_EQ(results[1].name, "zones");
    for (auto& topic : request.topics) ++topic.count;
  }
}

}  // namespace
}  // namespace hailstorm::broker

#include "broker/api/topic_configs.h"
#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

class KafkaTopicsTest : public KafkaFixture {
 protected:
  using Topic = kafka::CreateTopicsRequest::CreatableTopic;

  static kafka::CreateTopicsResponse::CreatableTopicResult made(KafkaPeer& peer, const Topic& topic,
                                                                bool validate_only = false) {
    kafka::CreateTopicsRequest request;
    request.topics.push_back(topic);
    request.validate_only = validate_only;
    return peer.ask(request, 7).topics.at(0);
  }
  static std::vector<int16_t> deleted(KafkaPeer& peer, const std::vector<std::string>& names) {
    kafka::DeleteTopicsRequest request;
    request.topic_names = names;
    std::vector<int16_t> codes;
    for (const auto& one : peer.ask(request, 5).responses) codes.push_back(one.error_code);
    return codes;
  }
};

TEST_F(KafkaTopicsTest, DefaultsAreMinusOne) {
  KafkaPeer peer = connect();
  const auto topic = made(peer, {"rides", -1, -1, {}, {}});
  EXPECT_EQ(topic.error_code, 0);
  EXPECT_EQ(topic.num_partitions, 4);
  EXPECT_EQ(topic.replication_factor, 1);
  EXPECT_FALSE(topic.topic_id.is_zero());
  EXPECT_EQ(made(peer, {"rides", 1, 1, {}, {}}).error_code, 36);
}

TEST_F(KafkaTopicsTest, SettingsHaveKafkasNames) {
  KafkaPeer peer = connect();
  const auto topic =
      made(peer, {"rides", 1, 1, {}, {{"retention.ms", "60000"}, {"cleanup.policy", "delete"}}});
  ASSERT_EQ(topic.error_code, 0) << topic.error_message.value_or("");
  std::map<std::string, std::pair<std::string, int8_t>> configs;
  for (const auto& config : *topic.configs)
    configs[config.name] = {config.value.value_or(""), config.config_source};
  EXPECT_EQ(configs.at("retention.ms"), std::pair(std::string("60000"), int8_t{1}));
  EXPECT_EQ(configs.at("retention.bytes"), std::pair(std::string("-1"), int8_t{5}));
  EXPECT_EQ(configs.at("cleanup.policy"), std::pair(std::string("delete"), int8_t{1}));
  EXPECT_EQ(topics_->find("rides")->config.retention_ms, 60'000);
}

TEST_F(KafkaTopicsTest, WhatCannotBeIsRefusedByNameAndNothingIsMade) {
  KafkaPeer peer = connect();
  const auto code = [&](const Topic& topic) { return made(peer, topic).error_code; };
  EXPECT_EQ(code({"rides", 1, 3, {}, {}}), 38);
  EXPECT_EQ(code({"rides", 0, 1, {}, {}}), 37);
  EXPECT_EQ(code({"no topic", 1, 1, {}, {}}), 17);
  EXPECT_EQ(code({"rides", 1, 1, {}, {{"cleanup.policy", "for ever"}}}), 40);
  EXPECT_EQ(code({"rides", 1, 1, {}, {{"retention.ms", "soon"}}}), 40);
  EXPECT_EQ(code({"rides", 1, 1, {}, {{"no.such.setting", "1"}}}), 40);
  EXPECT_EQ(code({"rides", -1, -1, {{0, {9}}}, {}}), 39);
  EXPECT_EQ(deleted(peer, {"rides"}), std::vector<int16_t>{3});
  EXPECT_EQ(code({"rides", -1, -1, {{0, {KafkaCluster::kNodeId}}}, {}}), 0);
}

TEST_F(KafkaTopicsTest, ToValidateMakesNothing) {
  KafkaPeer peer = connect();
  EXPECT_EQ(made(peer, {"rides", 2, 1, {}, {}}, true).num_partitions, 2);
  EXPECT_EQ(made(peer, {"rides", 2, 1, {}, {}}).error_code, 0);
  EXPECT_EQ(made(peer, {"rides", 2, 1, {}, {}}, true).error_code, 36);
}

TEST_F(KafkaTopicsTest, TopicsAreDeletedByNameOrById) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  const Uuid id = create(peer, "zones").topics.at(0).topic_id;
  EXPECT_EQ(deleted(peer, {"rides", "unknown"}), (std::vector<int16_t>{0, 3}));
  kafka::DeleteTopicsRequest request;
  request.topics.push_back({std::nullopt, id});
  const auto by_id = peer.ask(request, 6).responses.at(0);
  EXPECT_EQ(by_id.error_code, 0);
  EXPECT_EQ(by_id.name, "zones");
  EXPECT_EQ(peer.ask(request, 6).responses.at(0).error_code, 100);
}

TEST_F(KafkaTopicsTest, ANullPutsASettingBack) {
  wire::TopicConfig config;
  EXPECT_EQ(set_config(config, "retention.bytes", "5").code, wire::ErrorCode::none);
  EXPECT_EQ(config.retention_bytes, 5);
  EXPECT_EQ(set_config(config, "retention.bytes", std::nullopt).code, wire::ErrorCode::none);
  EXPECT_EQ(config.retention_bytes, -1);
}

}  // namespace
}  // namespace hailstorm::broker

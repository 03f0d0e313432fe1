#include <map>

#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

using Configs = std::map<std::string, kafka::DescribeConfigsResponse::ResourceResult>;

/// Settings by Kafka's names: what they are, and how they change.
class KafkaConfigsTest : public KafkaFixture {
 protected:
  static constexpr int8_t kTopic = 2;
  static constexpr int8_t kBroker = 4;
  static constexpr int8_t kSet = 0, kReset = 1, kAppend = 2, kSubtract = 3;
  static constexpr int8_t kFromTopic = 1, kFromDefault = 5;

  static Configs describe(KafkaPeer& peer, const std::string& topic, int8_t type = kTopic) {
    kafka::DescribeConfigsRequest request;
    request.include_synonyms = true;
    request.resources.push_back({type, topic, std::nullopt});
    const auto result = peer.ask(request, 4).results.at(0);
    EXPECT_EQ(result.error_code, 0) << result.error_message.value_or("");
    Configs configs;
    for (const auto& one : result.configs) configs[one.name] = one;
    return configs;
  }
  using Change = kafka::IncrementalAlterConfigsRequest::AlterableConfig;
  static kafka::IncrementalAlterConfigsResponse::AlterConfigsResourceResponse alter(
      KafkaPeer& peer, const std::string& topic, std::vector<Change> changes,
      bool validate_only = false, int8_t type = kTopic) {
    kafka::IncrementalAlterConfigsRequest request;
    request.validate_only = validate_only;
    request.resources.push_back({type, topic, std::move(changes)});
    return peer.ask(request, 1).responses.at(0);
  }
};

TEST_F(KafkaConfigsTest, WhatIsSetHoldsAtOnceAndAfterARestart) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  EXPECT_EQ(alter(peer, "rides",
                  {{"retention.ms", kSet, "60000"},
                   {"segment.ms", kSet, "5000"},
                   {"segment.bytes", kSet, "2048"}})
                .error_code,
            0);
  const auto check = [](Configs configs) {
    EXPECT_EQ(configs.at("retention.ms").value, "60000");
    EXPECT_EQ(configs.at("retention.ms").config_source, kFromTopic);
    EXPECT_EQ(configs.at("segment.ms").value, "5000");
    EXPECT_EQ(configs.at("retention.bytes").value, "-1");
    EXPECT_EQ(configs.at("retention.bytes").config_source, kFromDefault);
  };
  check(describe(peer, "rides"));
  close();
  KafkaPeer again = connect();
  check(describe(again, "rides"));
  EXPECT_EQ(topics_->find("rides")->config.segment_bytes, 2048);
}

TEST_F(KafkaConfigsTest, AValueThatIsGivenIsTheTopicsOwnAlsoWhereItIsTheDefault) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  alter(peer, "rides", {{"retention.ms", kSet, "-1"}, {"cleanup.policy", kSet, "delete"}});
  Configs configs = describe(peer, "rides");
  EXPECT_EQ(configs.at("retention.ms").config_source, kFromTopic);
  EXPECT_EQ(configs.at("cleanup.policy").config_source, kFromTopic);
  ASSERT_EQ(configs.at("retention.ms").synonyms.size(), 2u);
  EXPECT_EQ(configs.at("retention.ms").synonyms[1].name, "log.retention.ms");
  alter(peer, "rides", {{"retention.ms", kReset, std::nullopt}});
  configs = describe(peer, "rides");
  EXPECT_EQ(configs.at("retention.ms").config_source, kFromDefault);
  EXPECT_EQ(configs.at("cleanup.policy").config_source, kFromTopic);
}

TEST_F(KafkaConfigsTest, ALargerBatchIsTakenOnceTheTopicAllowsIt) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  const std::string large = batch({std::string(3'000, 'x')});
  EXPECT_EQ(alter(peer, "rides", {{"max.message.bytes", kSet, "2000"}}).error_code, 0);
  EXPECT_EQ(produced(peer, "rides", large).error_code, 10);
  EXPECT_EQ(alter(peer, "rides", {{"max.message.bytes", kSet, "4000"}}).error_code, 0);
  EXPECT_EQ(produced(peer, "rides", large).error_code, 0);
}

TEST_F(KafkaConfigsTest, ARefusedChangeChangesNothingAndSaysWhy) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  const auto refused = [&](std::vector<Change> changes, int16_t error) {
    changes.push_back({"retention.bytes", kSet, "1"});
    const auto answer = alter(peer, "rides", changes);
    EXPECT_EQ(answer.error_code, error) << changes[0].name;
    EXPECT_NE(answer.error_message.value_or(""), "") << changes[0].name;
  };
  refused({{"no.such.setting", kSet, "1"}}, 40);
  refused({{"retention.ms", kSet, "soon"}}, 40);
  refused({{"retention.ms", kSet, "-2"}}, 40);
  refused({{"flush.messages", kSet, "10"}}, 40);
  refused({{"min.insync.replicas", kSet, "2"}}, 40);
  refused({{"retention.ms", kAppend, "1"}}, 40);
  refused({{"retention.ms", kSet, std::nullopt}}, 42);
  refused({{"retention.ms", kSet, "1"}, {"retention.ms", kSet, "2"}}, 42);
  refused({{"retention.ms", 7, "1"}}, 42);
  EXPECT_EQ(alter(peer, "unknown", {{"retention.ms", kSet, "1"}}).error_code, 3);
  EXPECT_EQ(alter(peer, "__consumer_offsets", {{"retention.ms", kSet, "1"}}).error_code, 44);
  EXPECT_EQ(describe(peer, "rides").at("retention.bytes").config_source, kFromDefault);
  EXPECT_EQ(alter(peer, "rides", {{"retention.ms", kSet, "1"}}, true).error_code, 0);
  EXPECT_EQ(describe(peer, "rides").at("retention.ms").value, "-1");
}

TEST_F(KafkaConfigsTest, AListIsChangedByItsParts) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  const auto policy = [&] { return describe(peer, "rides").at("cleanup.policy").value; };
  EXPECT_EQ(alter(peer, "rides", {{"cleanup.policy", kAppend, "delete"}}).error_code, 0);
  EXPECT_EQ(policy(), "delete");
  EXPECT_EQ(alter(peer, "rides", {{"cleanup.policy", kAppend, "compact"}}).error_code, 0);
  EXPECT_EQ(policy(), "compact,delete");
  EXPECT_EQ(alter(peer, "rides", {{"cleanup.policy", kSubtract, "delete"}}).error_code, 0);
  EXPECT_EQ(policy(), "compact");
  EXPECT_EQ(alter(peer, "rides", {{"cleanup.policy", kSubtract, "compact"}}).error_code, 40);
}

TEST_F(KafkaConfigsTest, ATopicThatIsCompactedFromNowOnWantsKeysAndKeepsItsRecords) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  const std::string keyless = batch({"x"});
  EXPECT_EQ(produced(peer, "rides", keyless).error_code, 0);
  EXPECT_EQ(alter(peer, "rides",
                  {{"cleanup.policy", kSet, "compact"},
                   {"min.cleanable.dirty.ratio", kSet, "0.25"},
                   {"delete.retention.ms", kSet, "100"}})
                .error_code,
            0);
  const Configs configs = describe(peer, "rides");
  EXPECT_EQ(configs.at("min.cleanable.dirty.ratio").value, "0.25");
  EXPECT_EQ(configs.at("delete.retention.ms").value, "100");
  EXPECT_EQ(produced(peer, "rides", keyless).error_code, 87);
  kafka::DeleteRecordsRequest remove;
  remove.topics.push_back({"rides", {{0, 1}}});
  EXPECT_EQ(peer.ask(remove, 2).topics.at(0).partitions.at(0).error_code, 44);
  EXPECT_EQ(alter(peer, "rides", {{"min.cleanable.dirty.ratio", kSet, "2"}}).error_code, 40);
}

TEST_F(KafkaConfigsTest, ATopicIsCompactedFromNowOn) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  EXPECT_EQ(produced(peer, "rides", batch({"without a key"})).error_code, 0);
  EXPECT_EQ(alter(peer, "rides",
                  {{"cleanup.policy", kAppend, "compact"},
                   {"delete.retention.ms", kSet, "100"},
                   {"min.cleanable.dirty.ratio", kSet, "0.01"},
                   {"min.compaction.lag.ms", kSet, "1"}})
                .error_code,
            0);
  const Configs configs = describe(peer, "rides");
  EXPECT_EQ(configs.at("cleanup.policy").value, "compact,delete");
  EXPECT_EQ(configs.at("delete.retention.ms").value, "100");
  EXPECT_EQ(configs.at("min.cleanable.dirty.ratio").value, "0.01");
  EXPECT_EQ(configs.at("min.compaction.lag.ms").value, "1");
  EXPECT_EQ(configs.at("max.compaction.lag.ms").value, "9223372036854775807");
  EXPECT_EQ(produced(peer, "rides", batch({"without a key"})).error_code, 87);
  for (const Change& change :
       {Change{"min.cleanable.dirty.ratio", kSet, "1.5"},
        Change{"cleanup.policy", kSet, "compact,squash"}, Change{"delete.retention.ms", kSet, "-1"},
        Change{"max.compaction.lag.ms", kSet, "0"}})
    EXPECT_EQ(alter(peer, "rides", {change}).error_code, 40) << change.name;
  close();
  KafkaPeer again = connect();
  EXPECT_EQ(describe(again, "rides").at("cleanup.policy").value, "compact,delete");
  EXPECT_EQ(describe(again, "rides").at("min.cleanable.dirty.ratio").value, "0.01");
}

TEST_F(KafkaConfigsTest, TheOlderRequestResetsWhatItDoesNotName) {
  KafkaPeer peer = connect();
  create(peer, "rides", 3);
  alter(peer, "rides", {{"retention.ms", kSet, "1000"}});
  for (const auto version : {int16_t{0}, int16_t{1}, int16_t{2}}) {
    kafka::AlterConfigsRequest request;
    request.resources.push_back({kTopic, "rides", {{"retention.bytes", std::to_string(version)}}});
    EXPECT_EQ(peer.ask(request, version).responses.at(0).error_code, 0);
    const Configs configs = describe(peer, "rides");
    EXPECT_EQ(configs.at("retention.ms").value, "-1");
    EXPECT_EQ(configs.at("retention.bytes").value, std::to_string(version));
  }
  EXPECT_EQ(topics_->find("rides")->config.partitions, 3);
}

TEST_F(KafkaConfigsTest, ABrokersSettingsAreShownAndRefusedByName) {
  KafkaPeer peer = connect();
  const Configs configs = describe(peer, "1", kBroker);
  EXPECT_EQ(configs.at("num.partitions").value, "4");
  EXPECT_EQ(configs.at("log.retention.ms").value, "-1");
  EXPECT_EQ(configs.at("group.max.session.timeout.ms").value, "1800000");
  EXPECT_TRUE(configs.at("num.partitions").read_only);
  EXPECT_TRUE(describe(peer, "", kBroker).empty());
  const auto refused = alter(peer, "1", {{"num.partitions", kSet, "8"}}, false, kBroker);
  EXPECT_EQ(refused.error_code, 42);
  EXPECT_THAT(refused.error_message.value_or(""), ::testing::HasSubstr("num.partitions"));
  EXPECT_EQ(alter(peer, "7", {{"num.partitions", kSet, "8"}}, false, kBroker).error_code, 42);
}

TEST_F(KafkaConfigsTest, WhatHasSettingsIsListed) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  kafka::ListConfigResourcesRequest request;
  EXPECT_TRUE(peer.ask(request, 0).config_resources.empty());
  request.resource_types = {kTopic};
  const auto topics = peer.ask(request, 1).config_resources;
  EXPECT_THAT(topics,
              ::testing::Contains(::testing::Field(
                  &kafka::ListConfigResourcesResponse::ConfigResource::resource_name, "rides")));
  request.resource_types = {kBroker};
  ASSERT_EQ(peer.ask(request, 1).config_resources.size(), 1u);
}

TEST_F(KafkaConfigsTest, AnAnswerToATopicsMakingHasAllItsSettings) {
  KafkaPeer peer = connect();
  kafka::CreateTopicsRequest request;
  request.topics.push_back({"rides", 1, 1, {}, {{"retention.ms", "-1"}}});
  const auto made = peer.ask(request, 7).topics.at(0);
  const Configs described = describe(peer, "rides");
  ASSERT_EQ(made.configs->size(), described.size());
  for (const auto& config : *made.configs) {
    EXPECT_EQ(config.value, described.at(config.name).value);
    EXPECT_EQ(config.config_source, described.at(config.name).config_source) << config.name;
  }
}

}  // namespace
}  // namespace hailstorm::broker

#include <limits>

#include "tests/broker/api/broker_fixture.h"

namespace hailstorm::broker {
namespace {

using wire::Api;
using wire::ErrorCode;

class TopicApiTest : public BrokerFixture {
 protected:
  ErrorCode try_create(const std::string& name, const wire::TopicConfig& config = {}) {
    return code<wire::CreateTopicReply>(
        send(Api::create_topic, wire::CreateTopicRequest{name, config}));
  }
  int64_t offset_at(int64_t timestamp_ms) {
    const auto id = send(Api::list_offsets, wire::ListOffsetsRequest{{{"rides", 0}}, timestamp_ms});
    return reply<wire::ListOffsetsReply>(id)->offsets.at(0).offset;
  }
  wire::InitProducerIdReply init(int64_t producer = -1, int16_t epoch = -1) {
    return *reply<wire::InitProducerIdReply>(
        send(Api::init_producer_id, wire::InitProducerIdRequest{producer, epoch}));
  }
};

TEST_F(TopicApiTest, SettingsSurviveARestart) {
  wire::TopicConfig config;
  config.retention_ms = 60'000;
  config.flush = wire::FlushPolicy::interval;
  create("rides", 3, config);
  restart();
  const auto described =
      *reply<wire::MetadataReply>(send(Api::metadata, wire::MetadataRequest{{"rides"}}));
  ASSERT_EQ(described.topics.size(), 1U);
  EXPECT_EQ(described.topics[0].partitions.size(), 3U);
  EXPECT_EQ(described.topics[0].config.retention_ms, 60'000);
  EXPECT_EQ(described.topics[0].config.flush, wire::FlushPolicy::interval);
}

TEST_F(TopicApiTest, RefusesBadNamesAndSettings) {
  create("rides");
  EXPECT_EQ(try_create("rides"), ErrorCode::topic_already_exists);
  EXPECT_EQ(try_create("__mine"), ErrorCode::policy_violation);
  EXPECT_EQ(try_create("a/b"), ErrorCode::invalid_topic);
  EXPECT_EQ(try_create(""), ErrorCode::invalid_topic);
  EXPECT_EQ(try_create("x", {.partitions = 0}), ErrorCode::invalid_partitions);
  EXPECT_EQ(try_create("x", {.partitions = 1025}), ErrorCode::invalid_partitions);
  EXPECT_EQ(try_create("x", {.segment_bytes = 1}), ErrorCode::invalid_config);
  EXPECT_EQ(try_create("x", {.retention_ms = -7}), ErrorCode::invalid_config);
  EXPECT_EQ(try_create("x", {.cleanup = static_cast<wire::CleanupPolicy>(3)}),
            ErrorCode::invalid_config);
}

TEST_F(TopicApiTest, NobodyElseWritesToTheBrokersOwnTopics) {
  const auto id = produce(groups::kOffsetsTopic, batch({"x"}));
  EXPECT_EQ(code<wire::ProduceReply>(id), ErrorCode::policy_violation);
  const auto deleted = send(Api::delete_topic, wire::DeleteTopicRequest{groups::kOffsetsTopic});
  EXPECT_EQ(code<wire::DeleteTopicReply>(deleted), ErrorCode::policy_violation);
}

TEST_F(TopicApiTest, ATopicGrowsButNeverShrinks) {
  create("rides", 2);
  const auto grow = [&](int32_t total) {
    return code<wire::CreatePartitionsReply>(
        send(Api::create_partitions, wire::CreatePartitionsRequest{"rides", total}));
  };
  EXPECT_EQ(grow(4), ErrorCode::none);
  EXPECT_EQ(grow(3), ErrorCode::invalid_partitions);
  const auto all =
      *reply<wire::MetadataReply>(send(Api::metadata, wire::MetadataRequest{{"rides"}}));
  EXPECT_EQ(all.topics[0].partitions.size(), 4U);
}

TEST_F(TopicApiTest, DeletingWaitsForTheSyncThatRuns) {
  create("rides");
  const auto produced = produce("rides", batch({"a"}));
  auto running = broker_->end_burst();
  const auto deleted = send(Api::delete_topic, wire::DeleteTopicRequest{"rides"});
  EXPECT_FALSE(answered(deleted));
  run(std::move(running));
  EXPECT_EQ(code<wire::DeleteTopicReply>(deleted), ErrorCode::none);
  EXPECT_TRUE(answered(produced));
  EXPECT_EQ(code<wire::ProduceReply>(produce("rides", batch({"b"}))),
            ErrorCode::unknown_topic_or_partition);
}

TEST_F(TopicApiTest, WhatWaitsForADeletedTopicIsAnswered) {
  create("rides");
  const auto produced = produce("rides", batch({"a"}));
  send(Api::delete_topic, wire::DeleteTopicRequest{"rides"});
  EXPECT_EQ(code<wire::ProduceReply>(produced), ErrorCode::unknown_topic_or_partition);
}

TEST_F(TopicApiTest, ListsOffsetsByPlaceAndByTime) {
  create("rides");
  produce("rides", batch({"a", "b"}));  // at 1000 ms
  sync();
  EXPECT_EQ(offset_at(wire::kEarliest), 0);
  EXPECT_EQ(offset_at(wire::kLatest), 2);
  EXPECT_EQ(offset_at(1'000), 0);
  EXPECT_EQ(offset_at(1'001), 2) << "no record is that young: the end";
}

// Invariant 14: a reader that begins at the end begins before what a power cut may take back.
TEST_F(TopicApiTest, TheEndThatIsListedIsDurable) {
  create("rides");
  produce("rides", batch({"a"}));
  EXPECT_EQ(offset_at(wire::kLatest), 0);
  EXPECT_EQ(offset_at(1'001), 0);
  sync();
  EXPECT_EQ(offset_at(wire::kLatest), 1);
  EXPECT_EQ(offset_at(1'001), 1);
}

// Invariant 4: a client that knows a topic by its id never gets another one for it.
TEST_F(TopicApiTest, AnotherTopicOfTheSameNameIsNotTakenForTheOldOne) {
  const auto make = [&] {
    const auto id = send(Api::create_topic, wire::CreateTopicRequest{"rides", {}});
    return reply<wire::CreateTopicReply>(id)->topic_id;
  };
  const auto described_id = [&] {
    const auto id = send(Api::metadata, wire::MetadataRequest{{"rides"}});
    return reply<wire::MetadataReply>(id)->topics.at(0).topic_id;
  };
  const auto listed = [&](const Uuid& topic_id) {
    const auto id = send(Api::list_offsets,
                         wire::ListOffsetsRequest{{{"rides", 0, topic_id}}, wire::kEarliest});
    return reply<wire::ListOffsetsReply>(id)->offsets.at(0);
  };
  const Uuid first = make();
  EXPECT_FALSE(first.is_zero());
  EXPECT_EQ(described_id(), first);
  EXPECT_EQ(listed(first).outcome.code, ErrorCode::none);
  EXPECT_EQ(listed({}).id.topic_id, first) << "where only the name is known, the id comes back";
  send(Api::delete_topic, wire::DeleteTopicRequest{"rides"});
  EXPECT_EQ(listed(first).outcome.code, ErrorCode::unknown_topic_or_partition);
  const Uuid second = make();
  EXPECT_NE(second, first);
  EXPECT_EQ(described_id(), second);
  EXPECT_EQ(listed(first).outcome.code, ErrorCode::unknown_topic_id);
  EXPECT_EQ(listed(second).outcome.code, ErrorCode::none);
  EXPECT_EQ(listed({}).id.topic_id, second);
  restart();
  EXPECT_EQ(described_id(), second);
}

TEST_F(TopicApiTest, ProducerIdsAreNeverGivenTwice) {
  const auto first = init();
  const auto second = init();
  restart();
  const auto third = init();
  EXPECT_EQ(first.producer_epoch, 0);
  EXPECT_NE(first.producer_id, second.producer_id);
  EXPECT_GT(third.producer_id, second.producer_id);
}

// Invariant 22.
TEST_F(TopicApiTest, TheNextEpochFencesTheOneBefore) {
  create("rides");
  const auto given = init();
  produce("rides", batch({"a"}, given.producer_id, 0, 0));
  sync();
  const auto bumped = init(given.producer_id, 0);
  EXPECT_EQ(bumped.producer_id, given.producer_id);
  EXPECT_EQ(bumped.producer_epoch, 1);
  EXPECT_EQ(init(given.producer_id, 0).producer_epoch, 1) << "asked again after a lost answer";
  const auto zombie = produce("rides", batch({"b"}, given.producer_id, 0, 1));
  sync();
  EXPECT_EQ(code<wire::ProduceReply>(zombie), ErrorCode::invalid_producer_epoch);
  const auto fresh = produce("rides", batch({"c"}, given.producer_id, 1, 0));
  sync();
  EXPECT_EQ(code<wire::ProduceReply>(fresh), ErrorCode::none);
  EXPECT_EQ(init(given.producer_id, 1).producer_epoch, 2);
  EXPECT_EQ(init(given.producer_id, 0).outcome.code, ErrorCode::invalid_producer_epoch)
      << "epoch 1 is somebody's already";
}

TEST_F(TopicApiTest, AfterTheLastEpochComesAnotherId) {
  const auto given = init(5, std::numeric_limits<int16_t>::max());
  EXPECT_EQ(given.producer_epoch, 0);
}

// Invariant 25: whose epoch was raised longest ago is forgotten first, and then not refused.
TEST_F(TopicApiTest, NoMoreThanSoManyEpochsAreRemembered) {
  for (int64_t id = 0; id < 100'000; ++id) ASSERT_EQ(init(id, 0).producer_epoch, 1);
  EXPECT_EQ(init(0, 7).outcome.code, ErrorCode::invalid_producer_epoch);
  EXPECT_EQ(init(100'000, 0).producer_epoch, 1);
  EXPECT_EQ(init(0, 7).producer_epoch, 8);
  EXPECT_EQ(init(99'999, 7).outcome.code, ErrorCode::invalid_producer_epoch);
}

// Invariant 20.
TEST_F(TopicApiTest, ASequenceGapWritesNothing) {
  create("rides");
  produce("rides", batch({"a"}, 9, 0, 0));
  const auto gap = produce("rides", batch({"b"}, 9, 0, 5));
  sync();
  EXPECT_EQ(code<wire::ProduceReply>(gap), ErrorCode::out_of_order_sequence_number);
  EXPECT_EQ(offset_at(wire::kLatest), 1);
}

}  // namespace
}  // namespace hailstorm::broker

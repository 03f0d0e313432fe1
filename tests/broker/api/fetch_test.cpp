#include <filesystem>

#include "tests/broker/api/broker_fixture.h"

namespace hailstorm::broker {
namespace {

using wire::ErrorCode;
using wire::FetchReply;

class FetchTest : public BrokerFixture {
 protected:
  ErrorCode partition_code(uint64_t id) {
    return reply<FetchReply>(id)->partitions.at(0).outcome.code;
  }
};

// Invariant 14: a long poll is answered on data, once that is durable; on timeout; on shutdown.
TEST_F(FetchTest, ALongPollIsAnsweredWhenDataIsDurable) {
  create("rides");
  const auto id = fetch("rides", 0);
  produce("rides", batch({"a"}));
  auto syncing = broker_->end_burst();
  EXPECT_FALSE(answered(id));
  run(std::move(syncing));
  ASSERT_TRUE(answered(id));
  EXPECT_EQ(values(id), (std::vector<std::string>{"a"}));
  EXPECT_EQ(reply<FetchReply>(id)->partitions[0].high_watermark, 1);
}

// Invariant 14: with flush=interval all that is written counts, and no sync follows soon.
TEST_F(FetchTest, ALongPollOfAnIntervalTopicIsAnsweredWhenDataIsWritten) {
  wire::TopicConfig config;
  config.flush = wire::FlushPolicy::interval;
  create("demand", 1, config);
  const auto id = fetch("demand", 0);
  produce("demand", batch({"a"}));
  EXPECT_TRUE(broker_->end_burst().empty());
  ASSERT_TRUE(answered(id));
  EXPECT_EQ(values(id), (std::vector<std::string>{"a"}));
}

TEST_F(FetchTest, ALongPollEndsEmptyWhenItsTimeIsOver) {
  create("rides");
  const auto id = fetch("rides", 0, 500);
  clock_.advance_ms(499);
  broker_->tick();
  EXPECT_FALSE(answered(id));
  clock_.advance_ms(1);
  EXPECT_LE(broker_->next_due_ms(), clock_.steady_ms());
  broker_->tick();
  ASSERT_TRUE(answered(id));
  EXPECT_TRUE(values(id).empty());
}

// Invariant 10: what is durable is read, and after it a reader learns that no more will come.
TEST_F(FetchTest, APartitionThatStoppedGivesItsRecordsAndThenSaysSo) {
  auto& disk = reopen_on_a_faulty_disk();
  create("rides");
  produce("rides", batch({"a"}));
  sync();
  const auto waiting = fetch("rides", 1, 30'000);
  produce("rides", batch({"b"}));
  auto syncing = broker_->end_burst();
  ASSERT_EQ(syncing.size(), 1U);
  disk.fail_nth(1, testing::FaultyFileSystem::Fault::io);
  run(std::move(syncing));
  sync();
  ASSERT_TRUE(answered(waiting)) << "it waits for what cannot come";
  EXPECT_EQ(partition_code(waiting), ErrorCode::storage_error);
  EXPECT_EQ(reply<FetchReply>(waiting)->partitions[0].high_watermark, 1);
  const auto first = fetch("rides", 0);
  EXPECT_EQ(partition_code(first), ErrorCode::none);
  EXPECT_EQ(values(first), (std::vector<std::string>{"a"}));
}

// Invariant 4: a reader that is far in the old topic gets nothing of the new one, and hears why.
TEST_F(FetchTest, AFetchFromADeletedTopicIsNotAnsweredFromTheNextOne) {
  create("rides");
  const auto fetch_of = [&](const Uuid& topic_id, int64_t offset, int32_t wait_ms) {
    wire::FetchRequest request;
    request.partitions.push_back({{"rides", 0, topic_id}, offset, 1 << 20});
    request.max_wait_ms = wait_ms;
    return send(wire::Api::fetch, request);
  };
  const Uuid first = topics_->find("rides")->id;
  const auto waiting = fetch_of(first, 0, 30'000);
  send(wire::Api::delete_topic, wire::DeleteTopicRequest{"rides"});
  create("rides");
  sync();
  ASSERT_TRUE(answered(waiting));
  EXPECT_NE(partition_code(waiting), ErrorCode::none);
  produce("rides", batch({"a"}));
  sync();
  EXPECT_EQ(partition_code(fetch_of(first, 0, 0)), ErrorCode::unknown_topic_id);
  const auto by_name = fetch_of({}, 0, 0);
  EXPECT_EQ(values(by_name), (std::vector<std::string>{"a"}));
  EXPECT_EQ(reply<FetchReply>(by_name)->partitions.at(0).id.topic_id, topics_->find("rides")->id);
  EXPECT_EQ(values(fetch_of(topics_->find("rides")->id, 0, 0)), (std::vector<std::string>{"a"}));
}

TEST_F(FetchTest, ALongPollIsAnsweredOnShutdown) {
  create("rides");
  const auto id = fetch("rides", 0, 30'000);
  run(broker_->shut_down());
  EXPECT_EQ(code<FetchReply>(id), ErrorCode::shutting_down);
}

TEST_F(FetchTest, AFetchWithoutWaitIsAnsweredAtOnce) {
  create("rides");
  EXPECT_TRUE(answered(fetch("rides", 0, 0)));
}

TEST_F(FetchTest, AFetchWaitsUntilThereAreEnoughBytes) {
  create("rides");
  produce("rides", batch({"small"}));
  sync();
  const auto id = fetch("rides", 0, 500, 1'000);
  EXPECT_FALSE(answered(id));
  produce("rides", batch({"small"}));
  sync();
  EXPECT_FALSE(answered(id));
  produce("rides", batch({std::string(2'000, 'x')}));
  sync();
  ASSERT_TRUE(answered(id));
  EXPECT_EQ(values(id).size(), 3U);
}

TEST_F(FetchTest, NeverShowsWhatIsNotDurable) {
  create("rides");
  produce("rides", batch({"a"}), wire::Acks::leader);
  EXPECT_TRUE(values(fetch("rides", 0, 0)).empty());
}

TEST_F(FetchTest, OutOfRangeIsAnErrorAtOnce) {
  create("rides");
  const auto id = fetch("rides", 5, 500);
  ASSERT_TRUE(answered(id));
  EXPECT_EQ(partition_code(id), ErrorCode::offset_out_of_range);
}

TEST_F(FetchTest, AnUnknownTopicAndPartitionAreErrorsAtOnce) {
  create("rides");
  EXPECT_EQ(partition_code(fetch("nowhere", 0)), ErrorCode::unknown_topic_or_partition);
  wire::FetchRequest request;
  request.partitions.push_back({{"rides", -1}, 0, 100});
  EXPECT_EQ(partition_code(send(wire::Api::fetch, request)), ErrorCode::unknown_topic_or_partition);
}

TEST_F(FetchTest, ALongPollHearsThatItsTopicWentAway) {
  create("rides");
  const auto id = fetch("rides", 0);
  send(wire::Api::delete_topic, wire::DeleteTopicRequest{"rides"});
  sync();
  ASSERT_TRUE(answered(id));
  EXPECT_EQ(partition_code(id), ErrorCode::unknown_topic_or_partition);
}

// Invariant 15.
TEST_F(FetchTest, AFirstBatchAboveTheLimitIsReturnedAllTheSame) {
  create("rides");
  produce("rides", batch({std::string(5'000, 'x')}));
  sync();
  wire::FetchRequest request;
  request.partitions.push_back({{"rides", 0}, 0, 10});
  request.max_bytes = 10;
  EXPECT_EQ(values(send(wire::Api::fetch, request)).size(), 1U);
}

TEST_F(FetchTest, EachFetchBeginsAtAnotherPartition) {
  create("rides", 2);
  for (const int32_t partition : {0, 1}) {
    send(wire::Api::produce, wire::ProduceRequest{"rides", partition, wire::Acks::all},
         batch({"in " + std::to_string(partition)}));
  }
  sync();
  wire::FetchRequest request;
  request.partitions = {{{"rides", 0}, 0, 100}, {{"rides", 1}, 0, 100}};
  request.max_bytes = 1;  // one batch alone
  const auto first = values(send(wire::Api::fetch, request));
  const auto second = values(send(wire::Api::fetch, request));
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_NE(first, second);
}

// Invariant 44, in part: what waits is bounded.
TEST_F(FetchTest, AboveTheLimitPerPeerAFetchDoesNotWait) {
  BrokerOptions options;
  options.fetch.max_parked_per_session = 2;
  restart(options);
  create("rides");
  EXPECT_FALSE(answered(fetch("rides", 0)));
  EXPECT_FALSE(answered(fetch("rides", 0)));
  EXPECT_TRUE(answered(fetch("rides", 0)));
  EXPECT_FALSE(answered(fetch("rides", 0, 500, 1, kOtherSession)));
}

TEST_F(FetchTest, AboveTheLimitOfAllAFetchDoesNotWait) {
  BrokerOptions options;
  options.fetch.max_parked = 2;
  restart(options);
  create("rides");
  EXPECT_FALSE(answered(fetch("rides", 0, 500, 1, 11)));
  EXPECT_FALSE(answered(fetch("rides", 0, 500, 1, 12)));
  EXPECT_TRUE(answered(fetch("rides", 0, 500, 1, 13)));
}

// Invariants 43 and 44: whatever a peer asks for, it gets no more at once than the broker grants.
TEST_F(FetchTest, WhatAFetchAsksForIsBounded) {
  BrokerOptions options;
  options.fetch.max_partitions = 2;
  options.fetch.max_bytes = 1;  // one batch alone
  options.fetch.max_wait_ms = 500;
  restart(options);
  create("rides", 2);
  for (const int32_t partition : {0, 1}) {
    send(wire::Api::produce, wire::ProduceRequest{"rides", partition, wire::Acks::all},
         batch({"a"}));
  }
  sync();
  wire::FetchRequest request;
  request.partitions = {{{"rides", 0}, 0, 1 << 20}, {{"rides", 1}, 0, 1 << 20}};
  request.max_bytes = INT32_MAX;
  EXPECT_EQ(values(send(wire::Api::fetch, request)).size(), 1U);

  request.partitions.resize(3, request.partitions[0]);
  EXPECT_EQ(code<FetchReply>(send(wire::Api::fetch, request)), ErrorCode::invalid_request);

  const auto id = fetch("rides", 1, INT32_MAX);
  clock_.advance_ms(500);
  broker_->tick();
  EXPECT_TRUE(answered(id));
}

TEST_F(FetchTest, APeerThatDoesNotReadIsNotServed) {
  create("rides");
  replies_.broke_session = kOtherSession;
  EXPECT_FALSE(answered(fetch("rides", 0, 0, 1, kOtherSession)));
}

// Invariant 9: a reader is not given a log that begins later, as if the rest had never been.
TEST_F(FetchTest, AReaderOfAPartitionThatLostSegmentsIsGivenTheirOffsets) {
  wire::TopicConfig config;
  config.segment_bytes = 1024;
  create("rides", 1, config);
  for (int i = 0; i < 20; ++i) produce("rides", batch({std::string(200, 'x')}));
  sync();
  EXPECT_OK(topics_->close());
  broker_.reset();
  topics_.reset();
  std::filesystem::remove(folder_.path() / "rides-0" / "00000000000000000000.log");
  open();
  for (const int64_t offset : {0, 19}) {
    const auto answer = reply<FetchReply>(fetch("rides", offset, 0));
    ASSERT_TRUE(answer.has_value());
    const auto& outcome = answer->partitions.at(0).outcome;
    EXPECT_EQ(outcome.code, ErrorCode::storage_error);
    EXPECT_NE(outcome.message.find("/rides-0: offsets 0 to 2 are missing"), std::string::npos)
        << outcome.message;
  }
  EXPECT_TRUE(health_.not_ready_reason().has_value());
}

}  // namespace
}  // namespace hailstorm::broker

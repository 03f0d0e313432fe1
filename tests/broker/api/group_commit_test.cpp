#include "tests/broker/api/broker_fixture.h"

namespace hailstorm::broker {
namespace {

using wire::Acks;
using wire::ErrorCode;
using wire::ProduceReply;

class GroupCommitTest : public BrokerFixture {};

// Invariant 1.
TEST_F(GroupCommitTest, AcksAllIsAnsweredOnlyWhenTheSyncIsFinished) {
  create("rides");
  const auto id = produce("rides", batch({"a", "b"}));
  auto syncing = broker_->end_burst();
  ASSERT_EQ(syncing.size(), 1U);
  EXPECT_FALSE(answered(id));
  syncing[0]->run_sync();
  EXPECT_FALSE(answered(id));
  broker_->finish_sync(*syncing[0]);
  ASSERT_TRUE(answered(id));
  EXPECT_EQ(reply<ProduceReply>(id)->base_offset, 0);
}

TEST_F(GroupCommitTest, AcksOneIsAnsweredAfterTheWrite) {
  create("rides");
  const auto id = produce("rides", batch({"a"}), Acks::leader);
  EXPECT_EQ(code<ProduceReply>(id), ErrorCode::none);
  EXPECT_EQ(broker_->end_burst().size(), 1U) << "it is made durable all the same";
}

// Invariant 5: answers come in the order of offsets.
TEST_F(GroupCommitTest, BatchesThatComeDuringASyncShareTheNextOne) {
  create("rides");
  const auto first = produce("rides", batch({"a"}));
  auto running = broker_->end_burst();
  const auto second = produce("rides", batch({"b"}));
  const auto third = produce("rides", batch({"c"}));
  EXPECT_TRUE(broker_->end_burst().empty()) << "one sync per partition at a time";
  run(std::move(running));
  EXPECT_EQ(replies_.order, (std::vector<uint64_t>{1, first, second, third}));
  EXPECT_EQ(reply<ProduceReply>(third)->base_offset, 2);
}

// Invariant 10: a failed sync is never acknowledged, now or later.
TEST_F(GroupCommitTest, AFailedSyncStopsThePartitionAndAnswersStorageError) {
  auto& disk = reopen_on_a_faulty_disk();
  create("rides");
  const auto id = produce("rides", batch({"a"}));
  auto syncing = broker_->end_burst();
  ASSERT_EQ(syncing.size(), 1U);
  disk.fail_nth(1, testing::FaultyFileSystem::Fault::io);
  run(std::move(syncing));
  EXPECT_EQ(code<ProduceReply>(id), ErrorCode::storage_error);
  sync();
  const auto later = produce("rides", batch({"b"}));
  sync();
  EXPECT_EQ(code<ProduceReply>(later), ErrorCode::storage_error);
  clock_.advance_ms(2'000);
  broker_->tick();
  EXPECT_TRUE(health_.not_ready_reason().has_value());
}

// Invariant 18: a retry of what is not yet durable is no better off than the first.
TEST_F(GroupCommitTest, ARetriedBatchWaitsForTheSameSyncAndGetsTheSameOffset) {
  create("rides");
  const auto first = produce("rides", batch({"a"}, 7, 0, 0));
  const auto retry = produce("rides", batch({"a"}, 7, 0, 0));
  EXPECT_FALSE(answered(retry));
  sync();
  EXPECT_EQ(reply<ProduceReply>(first)->base_offset, 0);
  EXPECT_EQ(reply<ProduceReply>(retry)->base_offset, 0);
  const auto read = fetch("rides", 0);
  EXPECT_EQ(values(read), (std::vector<std::string>{"a"}));
}

TEST_F(GroupCommitTest, WithFlushIntervalAcksComeAtOnceAndTheSyncWhenItIsDue) {
  wire::TopicConfig config;
  config.flush = wire::FlushPolicy::interval;
  config.flush_interval_ms = 1'000;
  create("demand", 1, config);
  const auto id = produce("demand", batch({"a"}));
  EXPECT_EQ(code<ProduceReply>(id), ErrorCode::none);
  EXPECT_TRUE(broker_->end_burst().empty());
  clock_.advance_ms(1'000);
  EXPECT_EQ(broker_->end_burst().size(), 1U);
}

TEST_F(GroupCommitTest, TakesNoRequestsWhileTooManyAnswersWait) {
  BrokerOptions options;
  options.max_waiting_acks = 2;
  restart(options);
  create("rides");
  produce("rides", batch({"a"}));
  EXPECT_TRUE(broker_->wants_requests());
  produce("rides", batch({"b"}));
  EXPECT_FALSE(broker_->wants_requests());
  sync();
  EXPECT_TRUE(broker_->wants_requests());
}

// Invariant 2, in small: what was acknowledged is there after a restart without goodbye, also what
// no sync had covered.
TEST_F(GroupCommitTest, WhatWasAcknowledgedIsThereAfterAKill) {
  wire::TopicConfig config;
  config.flush = wire::FlushPolicy::interval;
  create("rides");
  create("demand", 1, config);
  for (const std::string topic : {"rides", "demand"}) {
    produce(topic, batch({"a", "b"}));
    clock_.advance_ms(config.flush_interval_ms);
    sync();
    const auto id = produce(topic, batch({"c"}), Acks::leader);
    EXPECT_EQ(code<ProduceReply>(id), ErrorCode::none);
  }
  reopen();
  for (const std::string topic : {"rides", "demand"}) {
    EXPECT_EQ(values(fetch(topic, 0)), (std::vector<std::string>{"a", "b", "c"})) << topic;
  }
}

}  // namespace
}  // namespace hailstorm::broker

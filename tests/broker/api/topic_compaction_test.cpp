#include <fmt/format.h>

#include "tests/broker/api/broker_fixture.h"

/// Topics of users with cleanup.policy=compact.
namespace hailstorm::broker {
namespace {

using wire::ErrorCode;

class TopicCompactionTest : public BrokerFixture {
 protected:
  void make_compacted_topic(const std::string& name) {
    wire::TopicConfig config;
    config.cleanup = wire::CleanupPolicy::compaction;
    config.segment_bytes = 1024;
    config.min_dirty_ppm = 0;
    create(name, 1, config);
  }
  ErrorCode put(const std::string& topic, std::optional<std::string> key,
                std::optional<std::string> value) {
    wire::RecordBatchBuilder builder;
    builder.append(clock_.wall_ms(), key, value);
    const auto id = produce(topic, builder.finish());
    sync();
    return code<wire::ProduceReply>(id);
  }
  void put_many(const std::string& topic, int count) {
    for (int i = 0; i < count; ++i)
      ASSERT_EQ(put(topic, fmt::format("key-{}", i % 3), fmt::format("value-{}", i)),
                ErrorCode::none);
  }
  /// All that is due, with a second thread that is done at once.
  void compact() {
    clock_.advance_ms(1'000);
    for (;;) {
      auto* step = broker_->next_compaction_step();
      if (step == nullptr) sync();  // it may wait for that
      if (step == nullptr) step = broker_->next_compaction_step();
      if (step == nullptr) break;
      step->run();
    }
    clock_.advance_ms(1'000);
    broker_->tick();
  }
  std::vector<std::string> read_all(const std::string& topic) {
    std::vector<std::string> all;
    Partition& partition = *topics_->find(topic)->partitions[0];
    for (int64_t offset = 0; offset < partition.high_watermark();) {
      const auto stored = partition.read(offset, 1);
      EXPECT_OK(stored);
      const auto batch = wire::RecordBatchView::parse(stored->bytes);
      EXPECT_OK(batch);
      wire::RecordReader reader(*batch);
      for (wire::RecordView record; *reader.next(record);) all.emplace_back(*record.value);
      offset = batch->last_offset() + 1;
    }
    return all;
  }
};

// Invariant 84.
TEST_F(TopicCompactionTest, TheBrokerCompactsAndCountsIt) {
  make_compacted_topic("cities");
  create("rides");
  put_many("cities", 200);
  clock_.advance_ms(1'000);
  broker_->tick();
  EXPECT_GT(broker_metrics_.uncompacted_bytes.value(), 1'000);
  compact();
  EXPECT_EQ(broker_metrics_.compactions.value(), 1u);
  EXPECT_EQ(broker_metrics_.failed_compactions.value(), 0u);
  EXPECT_GT(broker_metrics_.compaction_read_bytes.value(),
            broker_metrics_.compaction_written_bytes.value());
  EXPECT_EQ(broker_metrics_.uncompacted_bytes.value(), 0);
  const auto values = read_all("cities");
  EXPECT_LT(values.size(), 40u);
  EXPECT_EQ(values.back(), "value-199");
  EXPECT_EQ(broker_->next_compaction_step(), nullptr);
}

TEST_F(TopicCompactionTest, ARecordWithoutAKeyIsRefused) {
  make_compacted_topic("cities");
  EXPECT_EQ(put("cities", std::nullopt, "value"), ErrorCode::invalid_record);
  EXPECT_EQ(put("cities", "", "value"), ErrorCode::none) << "an empty key is a key";
  EXPECT_EQ(put("cities", "key", std::nullopt), ErrorCode::none);
}

TEST_F(TopicCompactionTest, ATopicIsDeletedWhenTheStepThatRunsHasEnded) {
  make_compacted_topic("cities");
  put_many("cities", 200);
  clock_.advance_ms(1'000);
  auto* const step = broker_->next_compaction_step();
  ASSERT_NE(step, nullptr);
  const auto deleted = send(wire::Api::delete_topic, wire::DeleteTopicRequest{"cities"});
  EXPECT_FALSE(answered(deleted));
  EXPECT_TRUE(step->is_stopping());
  step->run();
  EXPECT_EQ(broker_->next_compaction_step(), nullptr);
  EXPECT_EQ(code<wire::DeleteTopicReply>(deleted), ErrorCode::none);
  EXPECT_EQ(broker_metrics_.failed_compactions.value(), 0u);
}

TEST_F(TopicCompactionTest, AStepIsEndedBeforeTheBrokerStops) {
  make_compacted_topic("cities");
  put_many("cities", 200);
  clock_.advance_ms(1'000);
  auto* const step = broker_->next_compaction_step();
  ASSERT_NE(step, nullptr);
  run(broker_->shut_down());
  EXPECT_TRUE(broker_->busy());
  step->run();
  run(broker_->shut_down());
  EXPECT_FALSE(broker_->busy());
  EXPECT_EQ(broker_->next_compaction_step(), nullptr);
  restart();
  compact();
  EXPECT_EQ(read_all("cities").back(), "value-199");
}

TEST_F(TopicCompactionTest, APartitionThatFailedIsLeftAloneForAWhile) {
  auto& disk = reopen_on_a_faulty_disk();
  make_compacted_topic("cities");
  put_many("cities", 200);
  clock_.advance_ms(1'000);
  auto* step = broker_->next_compaction_step();
  ASSERT_NE(step, nullptr);
  step->run();  // learns
  step = broker_->next_compaction_step();
  ASSERT_NE(step, nullptr);
  disk.fail_nth(1, testing::FaultyFileSystem::Fault::no_space);
  step->run();
  disk.heal();
  EXPECT_EQ(broker_->next_compaction_step(), nullptr);
  clock_.advance_ms(60'000);
  EXPECT_EQ(broker_->next_compaction_step(), nullptr);
  clock_.advance_ms(5 * 60'000);
  compact();
  EXPECT_EQ(broker_metrics_.failed_compactions.value(), 1u);
  EXPECT_EQ(broker_metrics_.compactions.value(), 1u);
  EXPECT_EQ(put("cities", "key", "goes on"), ErrorCode::none);
}

TEST_F(TopicCompactionTest, TheBrokersOwnTopicsAreNotItsBusiness) {
  create("rides");
  static_cast<void>(heartbeat(0));
  clock_.advance_ms(1'000);
  EXPECT_EQ(broker_->next_compaction_step(), nullptr);
  EXPECT_EQ(broker_metrics_.uncompacted_bytes.value(), 0);
}

}  // namespace
}  // namespace hailstorm::broker

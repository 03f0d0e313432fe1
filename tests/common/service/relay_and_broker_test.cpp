#include <fstream>
#include <gtest/gtest.h>

#include "common/service/relay.h"
#include "common/wire/partitioner.h"
#include "tests/common/service/service_fixture.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/damaged_partition.h"

namespace hailstorm::service {
namespace {

constexpr int32_t kPartitions = 2;

/// The relay before a real broker, whose topics are not as they should be.
class RelayAndBrokerTest : public ServiceFixture {
 protected:
  RelayAndBrokerTest() {
    engine_ = log::open(broker_.url()).value();
    admin_ = engine_->make_admin(20'000);
    writer_.start();
  }
  void make_topic(const std::string& name, int32_t partitions = kPartitions,
                  int32_t max_batch_bytes = wire::kMaxBatchBytes) {
    log::TopicSettings settings;
    settings.partitions = partitions;
    settings.max_batch_bytes = max_batch_bytes;
    ASSERT_OK(admin_->create_topic(name, settings));
  }
  static std::string key_of(int32_t partition) {
    for (int i = 0;; ++i) {
      const std::string key = std::to_string(i);
      if (wire::partition_for_key(key, kPartitions) == partition) return key;
    }
  }
  /// Rows whose values are the numbers from `first` on, for one partition of "rides".
  void publish(int first, int count, int32_t partition) {
    ASSERT_OK(writer_.submit([&](store::Database& db) -> Status {
      Outbox outbox(db);
      for (int i = first; i < first + count; ++i) {
        HAIL_RETURN_IF_ERROR(
            outbox.publish("rides", log::Record{key_of(partition), std::to_string(i), {}, -1}));
      }
      return {};
    }));
  }
  /// A row as an older program may have left it, which asked for no limit.
  void insert_row(const std::string& topic, const std::string& value) {
    ASSERT_OK(db_->run("INSERT INTO outbox(topic, key, value, headers) VALUES(?, '1', ?, '')",
                       {std::string_view(topic), std::string_view(value)}));
  }
  std::unique_ptr<Relay> start_relay() {
    auto relay =
        std::make_unique<Relay>(*engine_, open(), path("relay.lock"), writer_, metrics_, clock_);
    relay->start();
    return relay;
  }
  void wait_for_rows(const std::string& table, int64_t rows) {
    EXPECT_TRUE(testing::await([&] { return rows_of(table) == rows; }))
        << table << " has " << rows_of(table);
  }
  int64_t end_of(int32_t partition) {
    const auto found = admin_->offsets_at({{"rides", partition}}, log::kLatest);
    return found.ok() && found->positions.size() == 1 ? found->positions[0].offset : -1;
  }
  std::vector<std::string> values_of(int32_t partition, size_t count) {
    const auto consumer = engine_->make_consumer({});
    consumer->assign({{{"rides", partition}, 0}});
    std::vector<std::string> values;
    EXPECT_TRUE(testing::await([&] {
      const auto polled = consumer->poll(100);
      if (!polled.ok()) return false;
      for (const auto& record : *polled) values.push_back(record.value.value_or("null"));
      return values.size() >= count;
    })) << values.size();
    return values;
  }
  static std::vector<std::string> numbered(int first, int count) {
    std::vector<std::string> all;
    for (int i = first; i < first + count; ++i) all.push_back(std::to_string(i));
    return all;
  }
  /// Closes a partition, or opens it again.
  void flip_a_bit_of(int32_t partition) {
    broker_.stop();
    const auto folder = broker_.data() / ("rides-" + std::to_string(partition));
    testing::flip_a_bit_of(folder);
    broker_.start_unready();
  }

  testing::BrokerProcess broker_;
  std::unique_ptr<log::Engine> engine_;
  std::unique_ptr<log::Admin> admin_;
  Metrics metrics_;
  Writer writer_{open(), {}, metrics_, clock_};
};

// Invariant 58.
TEST_F(RelayAndBrokerTest, AClosedPartitionWithManyRowsHoldsUpNoOther) {
  constexpr int kRows = 9'000;
  make_topic("rides");
  publish(0, 5, 0);
  publish(0, 5, 1);
  auto relay = start_relay();
  wait_for_rows("outbox", 0);
  flip_a_bit_of(0);
  publish(5, kRows, 0);
  publish(5, kRows, 1);
  wait_for_rows("outbox", kRows);
  EXPECT_EQ(end_of(1), kRows + 5);
  publish(kRows + 5, 5, 0);
  publish(kRows + 5, 5, 1);
  wait_for_rows("outbox", kRows + 5);

  flip_a_bit_of(0);
  wait_for_rows("outbox", 0);
  for (const int32_t partition : {0, 1}) {
    const auto values = values_of(partition, kRows + 10);
    EXPECT_EQ(values, numbered(0, kRows + 10)) << "of partition " << partition;
  }
}

// Invariant 58.
TEST_F(RelayAndBrokerTest, WhatATopicsOwnLimitRefusesIsSetAsideAndSentAgainWhenThereIsRoom) {
  make_topic("rides", kPartitions, 2'000);
  publish(0, 500, 0);
  insert_row("rides", std::string(3'000, 'x'));
  publish(500, 500, 0);
  auto relay = start_relay();
  wait_for_rows("outbox", 0);
  wait_for_rows("set_aside", 1);
  EXPECT_EQ(values_of(0, 1'000), numbered(0, 1'000));
  EXPECT_NE(read_set_aside(*db_)->first.at(0).error.find("takes up to 2000"), std::string::npos);

  ASSERT_OK(admin_->delete_topic("rides"));
  make_topic("rides");
  relay.reset();
  relay = start_relay();
  wait_for_rows("set_aside", 0);
  wait_for_rows("outbox", 0);
}

TEST_F(RelayAndBrokerTest, RowsOfAnOlderProgramThatNoTopicTakesAreSetAside) {
  make_topic("rides");
  insert_row("rides", std::string(log::kMaxRecordBytes, 'x'));
  insert_row("no/topic", "v");
  insert_row("__consumer_offsets", "v");
  publish(0, 10, 0);
  auto relay = start_relay();
  wait_for_rows("outbox", 0);
  wait_for_rows("set_aside", 3);
  EXPECT_EQ(values_of(0, 10), numbered(0, 10));
}

TEST_F(RelayAndBrokerTest, ATopicThatIsGoneHoldsUpOnlyItsOwnRowsUntilItIsMadeAgain) {
  make_topic("rides");
  insert_row("gone", "v");
  auto relay = start_relay();
  ASSERT_TRUE(testing::await([&] { return !relay->held().empty(); }));
  publish(0, 10, 0);
  wait_for_rows("outbox", 1);
  make_topic("gone");
  wait_for_rows("outbox", 0);
  EXPECT_EQ(rows_of("set_aside"), 0);
}

}  // namespace
}  // namespace hailstorm::service

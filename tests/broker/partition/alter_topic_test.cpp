#include <fmt/format.h>
#include <gtest/gtest.h>

#include "broker/partition/topic_store.h"
#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::broker {
namespace {

using hailstorm::testing::FaultyFileSystem;
using storage::batch_of;
using wire::FlushPolicy;
using Fault = FaultyFileSystem::Fault;

/// Settings that change while the topic is in use.
class AlterTopicTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }

  void open() {
    store_.reset();
    auto opened = TopicStore::open(files_, clock_, "/data");
    ASSERT_OK(opened);
    store_ = std::move(opened).value();
  }
  void make(FlushPolicy flush) {
    wire::TopicConfig config;
    config.partitions = 1;
    config.flush = flush;
    ASSERT_OK(store_->create("rides", config));
  }
  wire::TopicConfig config() { return store_->find("rides")->config; }
  Partition& partition() { return *store_->partition({"rides", 0}); }
  Status append(size_t bytes = 1) {
    auto batch = batch_of({std::string(bytes, 'x')}, clock_.wall_ms());
    const auto appended = partition().append(batch);
    return appended.ok() ? Status() : Status(appended.error());
  }
  Status set_flush(FlushPolicy flush) {
    wire::TopicConfig changed = config();
    changed.flush = flush;
    return store_->alter("rides", changed);
  }
  size_t segment_count() {
    size_t count = 0;
    for (const auto& [path, bytes] : files_.all_files()) count += path.ends_with(".log") ? 1 : 0;
    return count;
  }

  FaultyFileSystem files_;
  hailstorm::testing::FakeClock clock_;
  std::unique_ptr<TopicStore> store_;
};

TEST_F(AlterTopicTest, WhatReadersHaveSeenIsDurableBeforeTheyWaitForTheDisk) {
  make(FlushPolicy::interval);
  ASSERT_OK(append());
  ASSERT_OK(append());
  ASSERT_EQ(partition().high_watermark(), 2);
  ASSERT_OK(set_flush(FlushPolicy::always));
  EXPECT_EQ(partition().high_watermark(), 2);
  store_.reset();
  files_.cut_power();
  open();
  EXPECT_EQ(partition().high_watermark(), 2);
  EXPECT_EQ(config().flush, FlushPolicy::always);
}

TEST_F(AlterTopicTest, ASyncThatFailsLeavesTheSettingsAsTheyWere) {
  make(FlushPolicy::interval);
  ASSERT_OK(append());
  files_.fail_nth(1, Fault::io);
  EXPECT_FALSE(set_flush(FlushPolicy::always).ok());
  files_.heal();
  EXPECT_EQ(config().flush, FlushPolicy::interval);
  EXPECT_EQ(partition().high_watermark(), 1);
}

TEST_F(AlterTopicTest, WhatWaitsForTheDiskIsAcknowledgedOnceItNeedNotAnyMore) {
  make(FlushPolicy::always);
  ASSERT_OK(append());
  bool is_done = false;
  partition().when_durable(0, [&](const Status& status) { is_done = status.ok(); });
  ASSERT_FALSE(is_done);
  ASSERT_OK(set_flush(FlushPolicy::interval));
  EXPECT_TRUE(is_done);
  EXPECT_EQ(partition().high_watermark(), 1);
}

TEST_F(AlterTopicTest, ASyncThatRunsMeanwhileDoesNotTakeTheHighWatermarkBack) {
  make(FlushPolicy::interval);
  ASSERT_OK(append());
  clock_.advance_ms(1'000);
  const auto syncing = store_->active().start_syncs(clock_.steady_ms());
  ASSERT_EQ(syncing.size(), 1u);
  ASSERT_OK(append());
  ASSERT_OK(set_flush(FlushPolicy::always));
  EXPECT_EQ(partition().high_watermark(), 2);
  syncing[0]->run_sync();
  store_->finish_sync(*syncing[0]);
  EXPECT_EQ(partition().high_watermark(), 2);
}

TEST_F(AlterTopicTest, ASegmentThatIsTooOldGetsNoMoreBatches) {
  make(FlushPolicy::interval);
  ASSERT_OK(append());
  wire::TopicConfig changed = config();
  changed.segment_ms = 500;
  ASSERT_OK(store_->alter("rides", changed));
  clock_.advance_ms(499);
  ASSERT_OK(append());
  EXPECT_EQ(segment_count(), 1u);
  clock_.advance_ms(1);
  ASSERT_OK(append());
  EXPECT_EQ(segment_count(), 2u);
}

// Invariant 83.
TEST_F(AlterTopicTest, WhereverItFailsTheSettingsAreTheOldOrTheNewOnes) {
  make(FlushPolicy::always);
  const wire::TopicConfig old = config();
  wire::TopicConfig changed = old;
  changed.retention_ms = 5'000;
  changed.segment_ms = 7'000;
  changed.chosen = {"retention.ms", "segment.ms"};
  int tried = 0;
  for (bool has_failed = true; has_failed; ++tried) {
    files_.freeze_at(static_cast<uint64_t>(tried) + 1);
    const bool is_altered = store_->alter("rides", changed).ok();
    has_failed = files_.has_failed();
    store_.reset();
    files_.heal();
    files_.cut_power();
    open();
    const wire::TopicConfig found = config();
    EXPECT_TRUE(found == changed || (!is_altered && found == old)) << "call " << tried;
    ASSERT_OK(store_->alter("rides", old));
    EXPECT_EQ(config(), old);
  }
  EXPECT_GT(tried, 3);
}

}  // namespace
}  // namespace hailstorm::broker

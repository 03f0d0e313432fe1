#include "broker/partition/partition.h"

#include <gtest/gtest.h>

#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::broker {
namespace {

using storage::batch_of;
using storage::StorageErrc;
using wire::FlushPolicy;
using Fault = hailstorm::testing::FaultyFileSystem::Fault;

/// Partitions in memory without a broker: the test is the thread that syncs.
class PartitionTest : public ::testing::Test {
 protected:
  std::shared_ptr<Partition> open(int32_t number = 0, FlushPolicy flush = FlushPolicy::always) {
    wire::TopicConfig config;
    config.segment_bytes = 1024;
    config.flush = flush;
    config.flush_interval_ms = 1'000;
    auto partition =
        std::make_shared<Partition>(wire::TopicPartition{"rides", number}, config, clock_, active_);
    const std::string folder = "/rides-" + std::to_string(number);
    partition->open(storage::Log::open(files_, clock_, folder, {}, config));
    EXPECT_TRUE(partition->is_open());
    return partition;
  }

  /// Appends one record and notes its name in done_ or failed_ when the partition says so.
  void append(Partition& partition, const std::string& name) {
    auto batch = batch_of({name}, clock_.wall_ms());
    const auto appended = partition.append(batch);
    ASSERT_OK(appended);
    partition.when_durable(appended->last_offset, [this, name](const Status& status) {
      (status.ok() ? done_ : failed_) += name;
    });
  }
  bool takes(Partition& partition) {
    auto batch = batch_of({"x"}, clock_.wall_ms());
    return partition.append(batch).ok();
  }
  /// One pass of the broker's loop with a disk that is done at once; gives how many syncs ran.
  size_t sync() {
    const auto syncing = active_.start_syncs(clock_.steady_ms());
    for (Partition* partition : syncing) {
      partition->run_sync();
      partition->finish_sync();
    }
    return syncing.size();
  }
  static size_t bytes_from(Partition& partition, int64_t offset) {
    const auto read = partition.read(offset, 1 << 20);
    EXPECT_OK(read);
    return read.ok() ? read->bytes.size() : 0;
  }

  hailstorm::testing::FaultyFileSystem files_;
  hailstorm::testing::FakeClock clock_;
  ActivePartitions active_;
  std::string done_;
  std::string failed_;
};

// Invariants 1, 14.
TEST_F(PartitionTest, NothingIsReadOrAcknowledgedBeforeItIsDurable) {
  const auto partition = open();
  append(*partition, "a");
  EXPECT_EQ(partition->log_end_offset(), 1);
  EXPECT_EQ(partition->high_watermark(), 0);
  EXPECT_EQ(bytes_from(*partition, 0), 0U);
  const auto syncing = active_.start_syncs(clock_.steady_ms());
  ASSERT_EQ(syncing.size(), 1U);
  syncing[0]->run_sync();
  EXPECT_EQ(done_, "") << "the broker's thread has not seen the outcome yet";
  EXPECT_EQ(partition->high_watermark(), 0);
  syncing[0]->finish_sync();
  EXPECT_EQ(done_, "a");
  EXPECT_EQ(partition->high_watermark(), 1);
  EXPECT_GT(bytes_from(*partition, 0), 0U);
}

TEST_F(PartitionTest, WithFlushIntervalAWriteIsReadAtOnceAndSyncedWhenTheIntervalHasPassed) {
  const auto partition = open(0, FlushPolicy::interval);
  append(*partition, "a");
  EXPECT_EQ(done_, "a");
  EXPECT_EQ(partition->high_watermark(), 1);
  EXPECT_GT(bytes_from(*partition, 0), 0U);
  clock_.advance_ms(600);
  append(*partition, "b");
  EXPECT_EQ(sync(), 0U);
  clock_.advance_ms(400);
  EXPECT_EQ(sync(), 1U) << "1 s after the first write, not after the last one";
  EXPECT_EQ(sync(), 0U);
}

TEST_F(PartitionTest, TheLastSyncsDoNotWaitForTheInterval) {
  const auto partition = open(0, FlushPolicy::interval);
  append(*partition, "a");
  const auto syncing = active_.start_syncs(ActivePartitions::kEverything);
  ASSERT_EQ(syncing.size(), 1U);
  syncing[0]->run_sync();
  syncing[0]->finish_sync();
  EXPECT_FALSE(active_.busy());
}

TEST_F(PartitionTest, WhatIsAppendedDuringASyncIsAcknowledgedTogetherByTheNextOne) {
  const auto partition = open();
  append(*partition, "a");
  const auto syncing = active_.start_syncs(clock_.steady_ms());
  append(*partition, "b");
  append(*partition, "c");
  EXPECT_TRUE(active_.start_syncs(clock_.steady_ms()).empty()) << "one sync at a time";
  EXPECT_EQ(active_.waiting(), 3);
  syncing.at(0)->run_sync();
  syncing.at(0)->finish_sync();
  EXPECT_EQ(done_, "a");
  EXPECT_EQ(sync(), 1U);
  EXPECT_EQ(done_, "abc");
  EXPECT_EQ(active_.waiting(), 0);
}

// Invariant 5: also where an acknowledgement makes the broker write more, as a group's commit does.
TEST_F(PartitionTest, WhatAnAcknowledgementAppendsComesAfterWhatWaited) {
  const auto partition = open();
  auto first = batch_of({"a"}, clock_.wall_ms());
  partition->when_durable(partition->append(first)->last_offset, [&](const Status&) {
    done_ += "a";
    append(*partition, "c");
  });
  const auto syncing = active_.start_syncs(clock_.steady_ms());
  append(*partition, "b");
  syncing.at(0)->run_sync();
  syncing.at(0)->finish_sync();
  EXPECT_EQ(done_, "a");
  EXPECT_EQ(sync(), 1U);
  EXPECT_EQ(done_, "abc");
}

TEST_F(PartitionTest, SyncsOfSeveralPartitionsRunBesideEachOther) {
  const auto one = open(1);
  const auto two = open(2);
  append(*one, "1");
  append(*two, "2");
  const auto syncing = active_.start_syncs(clock_.steady_ms());
  ASSERT_EQ(syncing.size(), 2U);
  for (Partition* partition : syncing) partition->run_sync();
  two->finish_sync();
  EXPECT_EQ(done_, "2");
  one->finish_sync();
  EXPECT_EQ(done_, "21");
}

// Invariant 10: a failed sync is never acknowledged, now or later.
TEST_F(PartitionTest, AFailedSyncFailsWhatWaitsAndStopsThePartition) {
  const auto partition = open();
  append(*partition, "a");
  ASSERT_EQ(sync(), 1U);
  append(*partition, "b");
  files_.fail_nth(1, Fault::io);
  EXPECT_EQ(sync(), 1U);
  files_.heal();
  EXPECT_EQ(failed_, "b");
  EXPECT_TRUE(partition->failure()->is(StorageErrc::io));
  EXPECT_FALSE(takes(*partition));
  EXPECT_EQ(sync(), 0U);
  EXPECT_EQ(done_, "a");
  EXPECT_EQ(partition->high_watermark(), 1);
}

// Invariant 10: the write that stopped it was another one.
TEST_F(PartitionTest, WhatWaitsFailsWhenThePartitionStopsBeforeItsSync) {
  const auto partition = open();
  append(*partition, "a");
  files_.fail_nth(1, Fault::io);
  EXPECT_FALSE(takes(*partition));
  files_.heal();
  EXPECT_EQ(sync(), 0U);
  EXPECT_EQ(failed_, "a");
  EXPECT_EQ(active_.waiting(), 0);
  EXPECT_FALSE(active_.busy());
}

// Invariant 67: the file was synced, and its folder could not be opened.
TEST_F(PartitionTest, ASyncThatFoundNoDescriptorFailsWhatWaitsAndRunsAgainSoon) {
  const auto partition = open();
  append(*partition, std::string(700, 'a'));
  append(*partition, std::string(700, 'b'));  // in a segment whose name is not durable yet
  done_.clear();
  files_.fail_nth(2, Fault::no_descriptor);
  EXPECT_EQ(sync(), 1U);
  files_.heal();
  EXPECT_EQ(failed_.size(), 1'400U);
  EXPECT_EQ(sync(), 0U) << "at once it would find none either";
  clock_.advance_ms(50);
  EXPECT_EQ(sync(), 1U);
  EXPECT_EQ(partition->high_watermark(), 2);
}

TEST_F(PartitionTest, ReadersLearnOfItWhenTheHighWatermarkRises) {
  const auto partition = open();
  append(*partition, "a");
  EXPECT_TRUE(active_.take_advanced().empty());
  EXPECT_EQ(sync(), 1U);
  EXPECT_EQ(active_.take_advanced(), std::vector{partition});
  EXPECT_TRUE(active_.take_advanced().empty());
}

TEST_F(PartitionTest, DeletionFailsWhatWaitsAndWakesReaders) {
  auto partition = open();
  append(*partition, "a");
  partition->mark_deleted();
  EXPECT_EQ(failed_, "a");
  EXPECT_EQ(active_.waiting(), 0);
  const auto advanced = active_.take_advanced();
  ASSERT_EQ(advanced.size(), 1U);
  EXPECT_TRUE(advanced[0]->is_deleted());
  EXPECT_FALSE(advanced[0]->is_open());
  EXPECT_EQ(sync(), 0U);
}

// Invariant 13.
TEST_F(PartitionTest, NothingIsDroppedThatReadersMayNotSeeYet) {
  const auto partition = open();
  for (int i = 0; i < 4; ++i) {
    auto batch = batch_of({std::string(700, 'x')}, clock_.wall_ms());
    ASSERT_OK(partition->append(batch));
  }
  ASSERT_OK(partition->drop_before(3));
  EXPECT_EQ(partition->log_start_offset(), 0);
  EXPECT_EQ(sync(), 1U);
  ASSERT_OK(partition->drop_before(3));
  EXPECT_GT(partition->log_start_offset(), 0);
}

// The broker waits only so long for the disk when it stops.
TEST_F(PartitionTest, ClosesAlsoWhereASyncWasNotFinished) {
  for (const bool has_run : {true, false}) {
    const auto partition = open();
    append(*partition, "a");
    const auto syncing = active_.start_syncs(clock_.steady_ms());
    ASSERT_EQ(syncing.size(), 1U);
    if (has_run) syncing[0]->run_sync();
    EXPECT_OK(partition->close());
    EXPECT_FALSE(takes(*partition));
  }
  files_.cut_power();
  EXPECT_EQ(open()->high_watermark(), 2);
}

}  // namespace
}  // namespace hailstorm::broker

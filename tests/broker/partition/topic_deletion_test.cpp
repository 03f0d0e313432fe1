#include <gtest/gtest.h>

#include "broker/partition/topic_store.h"
#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::broker {
namespace {

using storage::batch_of;
using storage::StorageErrc;

/// Deletes topics while their syncs run: the test is the thread that syncs.
class TopicDeletionTest : public ::testing::Test {
 protected:
  TopicDeletionTest() {
    auto opened = TopicStore::open(files_, clock_, "/data");
    HAIL_CHECK(opened.ok());
    store_ = std::move(opened).value();
    for (const char* name : {"rides", "events"}) EXPECT_OK(store_->create(name, {}));
  }
  void append(const std::string& topic) {
    Partition& partition = *store_->partition({topic, 0});
    auto batch = batch_of({"x"}, clock_.wall_ms());
    partition.when_durable(partition.append(batch)->last_offset,
                           [this](const Status& outcome) { outcomes_.push_back(outcome); });
  }
  std::vector<Partition*> start_syncs() { return store_->active().start_syncs(clock_.steady_ms()); }
  void finish(Partition& partition) {
    partition.run_sync();
    store_->finish_sync(partition);
  }

  hailstorm::testing::FaultyFileSystem files_;
  hailstorm::testing::FakeClock clock_;
  std::unique_ptr<TopicStore> store_;
  std::vector<Status> outcomes_;
};

TEST_F(TopicDeletionTest, WaitsUntilTheRunningSyncIsFinished) {
  append("rides");
  const auto syncing = start_syncs();
  ASSERT_EQ(syncing.size(), 1U);
  bool is_removed = false;
  store_->when_quiet("rides", [&] { is_removed = store_->remove("rides").ok(); });
  EXPECT_FALSE(is_removed);
  EXPECT_NE(store_->find("rides"), nullptr);
  finish(*syncing[0]);
  EXPECT_TRUE(is_removed);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_OK(outcomes_[0]);  // it was durable before the topic was deleted
}

TEST_F(TopicDeletionTest, DoesNotWaitForTheSyncOfAnotherTopic) {
  append("events");
  const auto syncing = start_syncs();
  ASSERT_EQ(syncing.size(), 1U);
  bool is_removed = false;
  store_->when_quiet("rides", [&] { is_removed = store_->remove("rides").ok(); });
  EXPECT_TRUE(is_removed);
  finish(*syncing[0]);
  EXPECT_OK(outcomes_.at(0));
}

TEST_F(TopicDeletionTest, FailsWhatWaitsForASyncThatHasNotStarted) {
  append("rides");
  ASSERT_OK(store_->remove("rides"));
  EXPECT_FAILS_WITH(outcomes_.at(0), StorageErrc::not_found);
  EXPECT_TRUE(start_syncs().empty());
  EXPECT_FALSE(store_->active().busy());
}

// Invariant 4: readers that keep a partition learn that it is not the one of the new topic.
TEST_F(TopicDeletionTest, APartitionThatAReaderKeepsIsNotThatOfTheTopicMadeAgain) {
  append("rides");
  finish(*start_syncs().at(0));
  const auto kept = store_->active().take_advanced();
  ASSERT_EQ(kept.size(), 1U);
  ASSERT_OK(store_->remove("rides"));
  ASSERT_OK(store_->create("rides", {}));
  EXPECT_TRUE(kept[0]->is_deleted());
  EXPECT_EQ(store_->active().take_advanced().at(0), kept[0]);
  Partition* const made_again = store_->partition({"rides", 0});
  ASSERT_NE(made_again, nullptr);
  EXPECT_NE(made_again->id().topic_id, kept[0]->id().topic_id);
  EXPECT_EQ(made_again->log_end_offset(), 0);
  EXPECT_EQ(store_->partition(kept[0]->id()), nullptr);
}

}  // namespace
}  // namespace hailstorm::broker

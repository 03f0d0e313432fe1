#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "tests/common/log/group_fixture.h"

namespace hailstorm::log {
namespace {

class RewindTest : public GroupContractTest {
 protected:
  static constexpr int kRecords = 20;  // of each partition

  RewindTest() {
    produce_to_each("x", kRecords);
    ConsumerOptions options = member_options();
    options.max_poll_records = 7;  // so that the others wait in its queue
    a_ = member(options, {.revoked = [this](const auto& ids) { note(revoked_, ids); },
                          .assigned =
                              [this](const auto& ids) {
                                for (const auto& id : ids) offsets_.erase(id);
                              }});
  }
  static void note(std::map<TopicPartition, int>& counts, const std::vector<TopicPartition>& ids) {
    for (const TopicPartition& id : ids) ++counts[id];
  }
  /// Polls once; keeps the offsets that each partition gave since it was assigned.
  std::vector<ConsumedRecord> poll() {
    auto polled = a_->poll(50);
    if (!polled.ok()) return {};
    for (const auto& one : *polled) offsets_[{one.topic, one.partition}].push_back(one.offset);
    return std::move(polled).value();
  }
  bool has_all_from(int64_t first) {
    return std::all_of(
               offsets_.begin(), offsets_.end(),
               [&](const auto& one) { return std::ssize(one.second) == kRecords - first; }) &&
           offsets_.size() == kPartitions;
  }
  void expect_all_in_order_from(int64_t first) {
    ASSERT_TRUE(await([&] {
      poll();
      return has_all_from(first);
    }));
    for (const auto& [id, offsets] : offsets_) {
      for (int64_t i = 0; i < std::ssize(offsets); ++i)
        EXPECT_EQ(offsets[static_cast<size_t>(i)], first + i) << id.partition;
    }
  }
  static std::vector<Position> everywhere(int64_t offset) {
    std::vector<Position> positions;
    for (int32_t partition = 0; partition < kPartitions; ++partition)
      positions.push_back({{"rides", partition}, offset, {}});
    return positions;
  }

  std::unique_ptr<Consumer> a_;
  std::map<TopicPartition, int> revoked_;
  std::map<TopicPartition, std::vector<int64_t>> offsets_;
};

// Invariant 32.
TEST_F(RewindTest, AMemberWithRecordsInItsQueueDropsThemAndReadsFromTheNewOffsets) {
  expect_all_in_order_from(0);
  ASSERT_OK(a_->commit(everywhere(kRecords)));
  produce_to_each("y", 1'000);
  ASSERT_TRUE(await([&] { return !poll().empty(); })) << "others are in the queue now";
  const auto rewound = admin_->rewind_group("payment", everywhere(5));
  ASSERT_OK(rewound);
  EXPECT_EQ(rewound->before.at(0).offset, kRecords);
  ASSERT_TRUE(await([&] {
    poll();
    return revoked_.size() == kPartitions;
  }));
  ASSERT_TRUE(await([&] {
    poll();
    return offsets_.size() == kPartitions;
  }));
  for (const auto& [id, offsets] : offsets_) {
    for (int64_t i = 0; i < std::ssize(offsets); ++i)
      EXPECT_EQ(offsets[static_cast<size_t>(i)], 5 + i) << id.partition;
  }
}

// Invariant 29.
TEST_F(RewindTest, ACommitOfWhatWasHandedOutBeforeIsFenced) {
  expect_all_in_order_from(0);
  ASSERT_OK(a_->commit(everywhere(kRecords)));
  ASSERT_OK(admin_->rewind_group("payment", everywhere(10)));
  EXPECT_FAILS_WITH(a_->commit(everywhere(kRecords)), LogErrc::fenced);
  EXPECT_EQ(committed(0), 10);
  ASSERT_TRUE(await([&] {
    poll();
    return revoked_.size() == kPartitions;
  }));
  expect_all_in_order_from(10);
  EXPECT_OK(a_->commit(everywhere(kRecords)));
  EXPECT_EQ(committed(0), kRecords);
}

// Invariant 30: between the answer and the moment at which the member learns of it.
TEST_F(RewindTest, ABrokerThatIsKilledRightAfterTheAnswerGoesOnWithTheNewOffsets) {
  expect_all_in_order_from(0);
  ASSERT_OK(a_->commit(everywhere(kRecords)));
  ASSERT_OK(admin_->rewind_group("payment", everywhere(10)));
  broker_.kill();
  broker_.start();
  ASSERT_OK(admin_->rewind_group("payment", everywhere(10)));  // asked for twice, it is the same
  EXPECT_EQ(committed(0), 10);
  EXPECT_FAILS_WITH(a_->commit(everywhere(kRecords)), LogErrc::fenced);
  ASSERT_TRUE(await([&] {
    poll();
    return revoked_.size() == kPartitions;
  }));
  expect_all_in_order_from(10);
}

// Invariant 30: wherever the broker dies, the offsets are those from before or the new ones.
TEST_F(RewindTest, ABrokerThatIsKilledMeanwhileHasMovedAllPartitionsOrNone) {
  std::mt19937 random(1);
  expect_all_in_order_from(0);
  ASSERT_OK(a_->commit(everywhere(kRecords)));
  for (int64_t to = kRecords - 1; to > kRecords - 6; --to) {
    Result<RewoundGroup> answer = Error(LogErrc::closed, "not sent");
    std::thread mover([&] {
      const auto admin = engine_->make_admin(20'000);
      answer = admin->rewind_group("payment", everywhere(to));
    });
    for (auto turns = random() % 5'000; turns > 0; --turns) std::this_thread::yield();
    broker_.kill();
    broker_.start();
    const int64_t first = committed(0);
    const auto group = admin_->describe_group("payment");
    ASSERT_OK(group);
    std::set<int64_t> offsets;
    for (const auto& one : group->partitions) offsets.insert(one.committed_offset);
    EXPECT_EQ(offsets.size(), 1U) << "of the rewind to " << to;
    EXPECT_TRUE(first == to || first == to + 1) << first;
    mover.join();
    EXPECT_OK(answer);
    EXPECT_EQ(committed(0), to) << "it was sent again";
  }
}

TEST_F(RewindTest, OfAGroupThatIsNotThereIsRefused) {
  EXPECT_FAILS_WITH(admin_->rewind_group("nobody", everywhere(10)), LogErrc::refused);
}

}  // namespace
}  // namespace hailstorm::log

#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/wire/partitioner.h"
#include "tests/common/log/log_fixture.h"

namespace hailstorm::log {

/// Members of one group against a real broker. Thread safety: not safe.
class GroupContractTest : public LogFixture {
 protected:
  static constexpr int32_t kPartitions = 4;
  GroupContractTest() { topic("rides", kPartitions); }

  /// So many records to each partition, through keys that lead there.
  void produce_to_each(const std::string& value, int times = 1) {
    const auto producer = engine_->make_producer();
    std::set<int32_t> reached;
    for (int i = 0; reached.size() < kPartitions; ++i) {
      const std::string key = std::to_string(i);
      if (!reached.insert(wire::partition_for_key(key, kPartitions)).second) continue;
      for (int sent = 0; sent < times; ++sent)
        ASSERT_OK(producer->send("rides", record(value, key), {}));
    }
    ASSERT_OK(producer->flush(20'000));
  }
  /// On a busy machine a new consumer is not connected within a short poll.
  static bool is_unconnected(const Result<std::vector<ConsumedRecord>>& polled) {
    return !polled.ok() && polled.error().is(LogErrc::unavailable);
  }
  /// Everybody polls until their shares are these.
  static void share(const std::vector<std::pair<Consumer*, size_t>>& shares) {
    EXPECT_TRUE(await([&] {
      bool right = true;
      for (const auto& [consumer, size] : shares) {
        const auto polled = consumer->poll(20);
        if (!is_unconnected(polled)) EXPECT_OK(polled);
        right = right && consumer->assignment().size() == size;
      }
      return right;
    })) << "shares are not as they should be";
  }
  /// These partitions, each read up to `offset`.
  static std::vector<Position> up_to(const std::vector<TopicPartition>& ids, int64_t offset) {
    std::vector<Position> positions;
    for (const auto& id : ids) positions.push_back({id, offset});
    return positions;
  }
  /// Both poll until each has half; how many records the new one was given meanwhile.
  static size_t given_while_sharing(Consumer& old_one, Consumer& new_one) {
    size_t given = 0;
    EXPECT_TRUE(await([&] {
      const auto of_old = old_one.poll(20);
      if (!is_unconnected(of_old)) EXPECT_OK(of_old);
      const auto of_new = new_one.poll(20);
      if (is_unconnected(of_new)) return false;
      EXPECT_OK(of_new);
      given += of_new.ok() ? of_new->size() : 0;
      return new_one.assignment().size() == 2 && old_one.assignment().size() == 2;
    }));
    return given;
  }
  int32_t epoch() {
    const auto described = admin_->describe_group("payment");
    return described.ok() ? described->info.epoch : -1;
  }
  size_t member_count() {
    const auto described = admin_->describe_group("payment");
    return described.ok() ? described->members.size() : 0;
  }
  int64_t committed(int32_t partition) {
    const auto described = admin_->describe_group("payment");
    if (!described.ok()) return -2;
    for (const auto& one : described->partitions) {
      if (one.id.partition == partition) return one.committed_offset;
    }
    return -1;
  }
};

}  // namespace hailstorm::log

#include "common/log/rewind/rides_between.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "common/base/clock.h"
#include "common/events/events.h"

namespace hailstorm::log {
namespace {

constexpr int kCountPollMs = 500;
constexpr int64_t kCountPatienceMs = 5'000;

/// Counts the rides of what a consumer shows it.
class RideCounter {
 public:
  explicit RideCounter(const std::vector<RecordRange>& ranges) {
    for (const RecordRange& range : ranges) {
      counts_.by_partition[range.begin.id] = 0;
      if (range.count() > 0) left_[range.begin.id] = range.end;
    }
  }

  [[nodiscard]] bool is_done() const { return left_.empty(); }
  [[nodiscard]] RideCounts take() { return std::move(counts_); }

  void see(const TopicPartition& id, const ConsumedView& view) {
    const auto at = left_.find(id);
    if (at == left_.end()) return;
    if (view.offset < at->second) count(id, view);
    if (view.next_offset() >= at->second) left_.erase(at);
  }

 private:
  void count(const TopicPartition& id, const ConsumedView& view) {
    const auto ride = events::ride_of(view.headers);
    if (!ride) return;
    const size_t hash = std::hash<std::string_view>()(*ride);
    if (all_.insert(hash).second) ++counts_.all;
    if (in_partition_[id].insert(hash).second) ++counts_.by_partition[id];
  }

  std::map<TopicPartition, int64_t> left_;  // up to where each is still to be read
  std::unordered_set<size_t> all_;
  std::map<TopicPartition, std::unordered_set<size_t>> in_partition_;
  RideCounts counts_;
};

}  // namespace

Result<RideCounts> rides_between(Engine& engine, const std::vector<RecordRange>& ranges) {
  RideCounter counter(ranges);
  std::vector<Position> begins;
  for (const RecordRange& range : ranges) {
    if (range.count() > 0) begins.push_back(range.begin);
  }
  if (begins.empty()) return counter.take();
  const auto consumer = engine.make_consumer({});
  consumer->assign(begins);
  const SystemClock clock;
  int64_t deadline_ms = clock.steady_ms() + kCountPatienceMs;
  while (!counter.is_done()) {
    const auto polled = consumer->poll(
        kCountPollMs,
        [&](const TopicPartition& id, const ConsumedView& view) { counter.see(id, view); });
    const int64_t now_ms = clock.steady_ms();
    if (polled.ok() && *polled > 0) deadline_ms = now_ms + kCountPatienceMs;
    if (!polled.ok() && !polled.error().is(LogErrc::unavailable)) return polled.error();
    if (now_ms >= deadline_ms)
      return Error(LogErrc::unavailable, "the records of the rewind cannot be read now");
  }
  return counter.take();
}

}  // namespace hailstorm::log

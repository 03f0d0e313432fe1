#include "common/service/held_rows.h"

#include <algorithm>
#include <limits>

namespace hailstorm::service {

bool HeldRows::hold(const log::TopicPartition& partition, int64_t id, const Error& why,
                    int64_t now_ms) {
  const auto [found, is_new] = held_.try_emplace(partition);
  Held& held = found->second;
  held.first_id = is_new ? id : std::min(held.first_id, id);
  held.why = why.message();
  // The topic may have grown, and the row may have been the first of another partition before.
  for (auto& [other, one] : held_) {
    if (one.first_id == id || other == partition) one.try_at_ms = now_ms + kTryAgainMs;
  }
  return is_new;
}

bool HeldRows::holds(const log::TopicPartition& partition) const {
  return held_.contains(partition) || held_.contains({partition.topic, kWholeTopic});
}

std::vector<int64_t> HeldRows::due(int64_t now_ms) {
  std::vector<int64_t> ids;
  for (auto& [partition, held] : held_) {
    if (held.try_at_ms > now_ms) continue;
    held.try_at_ms = std::numeric_limits<int64_t>::max();  // until its answer is here
    ids.push_back(held.first_id);
  }
  return ids;
}

std::vector<log::TopicPartition> HeldRows::release(int64_t id) {
  std::vector<log::TopicPartition> released;
  for (const auto& [partition, held] : held_) {
    if (held.first_id == id) released.push_back(partition);
  }
  for (const auto& partition : released) held_.erase(partition);
  return released;
}

std::vector<log::ClosedPartition> HeldRows::list() const {
  std::vector<log::ClosedPartition> all;
  for (const auto& [partition, held] : held_) all.push_back({partition, held.why});
  return all;
}

}  // namespace hailstorm::service

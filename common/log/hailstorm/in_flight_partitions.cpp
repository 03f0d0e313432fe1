#include "common/log/hailstorm/in_flight_partitions.h"

#include <algorithm>
#include <limits>

namespace hailstorm::log::hail {

bool InFlightPartitions::has_room(const TopicPartition& id) const {
  const auto batches = partitions_.find(id);
  return batches == partitions_.end() || batches->second.has_room();
}

bool InFlightPartitions::need_restart() const {
  return std::any_of(partitions_.begin(), partitions_.end(),
                     [](const auto& one) { return one.second.needs_restart(); });
}

bool InFlightPartitions::are_fenced() const {
  return std::any_of(partitions_.begin(), partitions_.end(),
                     [](const auto& one) { return one.second.fenced(); });
}

bool InFlightPartitions::are_quiet() const {
  return std::all_of(partitions_.begin(), partitions_.end(),
                     [](const auto& one) { return one.second.quiet(); });
}

void InFlightPartitions::restart() {
  for (auto& [id, batches] : partitions_) batches.restart();
}

void InFlightPartitions::on_connection_lost() {
  for (auto& [id, batches] : partitions_) batches.on_connection_lost();
}

int64_t InFlightPartitions::next_due_ms(bool may_begin) const {
  int64_t due_ms = std::numeric_limits<int64_t>::max();
  for (const auto& [id, batches] : partitions_)
    due_ms = std::min(due_ms, batches.next_due_ms(may_begin));
  return due_ms;
}

uint64_t InFlightPartitions::oldest_ticket() const {
  uint64_t oldest = std::numeric_limits<uint64_t>::max();
  for (const auto& [id, batches] : partitions_) oldest = std::min(oldest, batches.oldest_ticket());
  return oldest;
}

}  // namespace hailstorm::log::hail

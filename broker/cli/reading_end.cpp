#include "broker/cli/reading_end.h"

#include <algorithm>
#include <set>

namespace hailstorm::cli {

ReadingEnd::ReadingEnd(const log::TopicInfo& topic) : topic_id_(topic.topic_id) {
  for (const auto& partition : topic.partitions)
    ends_[{topic.name, partition.partition}] = partition.high_watermark;
}

std::vector<log::TopicPartition> ReadingEnd::partitions() const {
  std::vector<log::TopicPartition> ids;
  for (const auto& [id, end] : ends_) ids.push_back(id);
  return ids;
}

bool ReadingEnd::includes(const log::TopicPartition& id, int64_t offset) const {
  const auto end = ends_.find(id);
  return end != ends_.end() && offset < end->second;
}

bool ReadingEnd::is_read(const log::TopicPartition& id, int64_t next_offset) const {
  const auto next = next_.find(id);
  return !includes(id, next == next_.end() ? next_offset : std::max(next_offset, next->second));
}

bool ReadingEnd::is_reached(const log::Consumer& consumer) const {
  std::set<log::TopicPartition> closed;
  for (const auto& [id, why] : consumer.closed_partitions()) closed.insert(id);
  return std::all_of(next_.begin(), next_.end(), [&](const auto& next) {
    return !includes(next.first, next.second) || closed.contains(next.first);
  });
}

std::vector<log::Position> ReadingEnd::positions() const {
  std::vector<log::Position> all;
  for (const auto& [id, next] : next_) all.push_back({id, next, topic_id_});
  return all;
}

}  // namespace hailstorm::cli

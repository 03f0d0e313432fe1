#include "broker/cli/reading_end.h"

#include <algorithm>
#include <limits>

namespace hailstorm::cli {

ReadingEnd::ReadingEnd(const log::TopicInfo& topic) {
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

bool ReadingEnd::is_reached() const {
  return std::all_of(next_.begin(), next_.end(),
                     [this](const auto& next) { return !includes(next.first, next.second); });
}

Result<bool> ReadingEnd::is_reached_by(log::Admin& admin, const std::string& group,
                                       const std::vector<log::TopicPartition>& owned,
                                       const StartPoint& from) const {
  if (owned.empty()) return false;
  HAIL_ASSIGN_OR_RETURN(const auto described, admin.describe_group(group));
  std::map<log::TopicPartition, int64_t> committed;
  for (const auto& partition : described.partitions) {
    const bool fresh = partition.committed_offset < 0;
    const bool skips = fresh && from.kind == StartPoint::Kind::latest;
    committed[partition.id] = skips   ? std::numeric_limits<int64_t>::max()
                              : fresh ? partition.log_start_offset
                                      : partition.committed_offset;
  }
  return std::all_of(owned.begin(), owned.end(), [&](const auto& id) {
    const auto next = next_.find(id);
    const int64_t read = next == next_.end() ? 0 : next->second;
    return !includes(id, std::max(committed[id], read));
  });
}

}  // namespace hailstorm::cli

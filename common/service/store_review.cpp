#include "common/service/store_review.h"

#include <fmt/format.h>

namespace hailstorm::service {
namespace {

int64_t next_offset(const ReviewedPartition& partition, const LogPosition* stored,
                    const StoreHistory& history) {
  if (stored != nullptr) {
    const bool is_of_this_log = stored->next.topic_id == partition.next.topic_id &&
                                stored->next.offset <= partition.log_end;
    return is_of_this_log ? stored->next.offset : partition.log_start;
  }
  const bool was_read = partition.committed >= 0 || history.was_used;
  return was_read && !history.is_of_older_program ? 0 : partition.log_start;
}

}  // namespace

std::vector<ReviewedPartition> review(const std::vector<log::TopicInfo>& topics,
                                      const LogPositions& stored,
                                      const std::map<log::TopicPartition, int64_t>& committed,
                                      const StoreHistory& history) {
  std::vector<ReviewedPartition> partitions;
  for (const log::TopicInfo& topic : topics) {
    for (const log::PartitionInfo& info : topic.partitions) {
      if (info.is_closed) continue;
      ReviewedPartition one;
      one.next.id = {topic.name, info.partition};
      one.next.topic_id = topic.topic_id;
      one.log_start = info.log_start_offset;
      one.log_end = info.high_watermark;
      if (const auto at = committed.find(one.next.id); at != committed.end())
        one.committed = at->second;
      const auto at = stored.find(one.next.id);
      const LogPosition* const kept = at == stored.end() ? nullptr : &at->second;
      one.next.offset = next_offset(one, kept, history);
      one.is_kept = kept != nullptr && kept->next.topic_id == one.next.topic_id &&
                    kept->next.offset == one.next.offset;
      partitions.push_back(std::move(one));
    }
  }
  return partitions;
}

std::string missing_text(const std::vector<ReviewedPartition>& partitions) {
  std::string text;
  for (const auto& one : partitions) {
    if (!one.is_missing()) continue;
    text += fmt::format("{}{}-{}: offsets {} to {}", text.empty() ? "" : "; ", one.next.id.topic,
                        one.next.id.partition, one.next.offset, one.log_start - 1);
  }
  return text;
}

}  // namespace hailstorm::service

#pragma once

#include <map>
#include <string>
#include <vector>

#include "broker/cli/start_point.h"
#include "common/log/log.h"

namespace hailstorm::cli {

/// Where a topic ended when a command began to read it, and how far the command has come.
///
/// Thread safety: not safe.
class ReadingEnd {
 public:
  ReadingEnd() = default;
  explicit ReadingEnd(const log::TopicInfo& topic);

  [[nodiscard]] std::vector<log::TopicPartition> partitions() const;
  /// Where this command starts, or has come to.
  void reached(const log::TopicPartition& id, int64_t next_offset) { next_[id] = next_offset; }
  /// The record was there when the command began.
  [[nodiscard]] bool includes(const log::TopicPartition& id, int64_t offset) const;
  /// All that was there is read, of the partitions that reached() was told of.
  [[nodiscard]] bool is_reached() const;
  /// True when a member owns something and all of it is read up to the end, by the group's own
  /// account. `from`: where a group without commits starts.
  [[nodiscard]] Result<bool> is_reached_by(log::Admin& admin, const std::string& group,
                                           const std::vector<log::TopicPartition>& owned,
                                           const StartPoint& from) const;

 private:
  std::map<log::TopicPartition, int64_t> ends_;
  std::map<log::TopicPartition, int64_t> next_;
};

}  // namespace hailstorm::cli

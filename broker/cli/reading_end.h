#pragma once

#include <map>
#include <string>
#include <vector>

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
  /// `next_offset`, or how far the command has come, is at the end.
  [[nodiscard]] bool is_read(const log::TopicPartition& id, int64_t next_offset) const;
  /// All that was there is read, of the partitions that have a position and that `consumer` does
  /// not find closed.
  [[nodiscard]] bool is_reached(const log::Consumer& consumer) const;
  [[nodiscard]] std::vector<log::Position> positions() const;

 private:
  Uuid topic_id_;
  std::map<log::TopicPartition, int64_t> ends_;
  std::map<log::TopicPartition, int64_t> next_;
};

}  // namespace hailstorm::cli

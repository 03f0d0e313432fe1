#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/wire/messages.h"

namespace hailstorm::groups {

/// The topics as the coordinator needs them.
class TopicCatalog {
 public:
  virtual ~TopicCatalog() = default;
  /// Zero: no such topic.
  [[nodiscard]] virtual Uuid topic_id(const std::string& topic) const = 0;
  /// 0: no such topic (a subscription to it waits until there is one).
  [[nodiscard]] virtual int32_t partition_count(const std::string& topic) const = 0;
  /// The names of all topics, also of the broker's own.
  [[nodiscard]] virtual std::vector<std::string> topics() const = 0;
  struct Range {
    int64_t log_start_offset = 0;
    int64_t high_watermark = 0;
  };
  /// Nothing: no such partition of the topic with that id, or it is closed.
  [[nodiscard]] virtual std::optional<Range> range(const wire::TopicPartition& id) const = 0;
};

}  // namespace hailstorm::groups

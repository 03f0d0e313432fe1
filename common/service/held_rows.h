#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/log/log.h"

namespace hailstorm::service {

/// The partitions whose outbox rows wait because one of them could not be published, so that the
/// rows of all others go on and each partition's rows keep their order. Only the first such row is
/// tried again, every kTryAgainMs; when it is taken the others follow.
///
/// Thread safety: not safe.
class HeldRows {
 public:
  static constexpr int64_t kTryAgainMs = 500;
  /// A partition, or a topic whose partitions are not known or do not matter.
  static constexpr int32_t kWholeTopic = -1;

  /// The row `id` could not be published. True: its partition was not held before.
  bool hold(const log::TopicPartition& partition, int64_t id, const Error& why, int64_t now_ms);
  [[nodiscard]] bool holds(const log::TopicPartition& partition) const;
  [[nodiscard]] bool is_empty() const { return held_.empty(); }

  /// The first rows of the partitions that are to be tried now.
  [[nodiscard]] std::vector<int64_t> due(int64_t now_ms);
  /// The row was taken by the log, or set aside, or is gone: its partition is held no longer.
  /// Gives the partitions that it was the first row of, if any.
  [[nodiscard]] std::vector<log::TopicPartition> release(int64_t id);

  /// All of them, with the reason.
  [[nodiscard]] std::vector<log::ClosedPartition> list() const;

 private:
  struct Held {
    int64_t first_id = 0;
    int64_t try_at_ms = 0;
    std::string why;
  };
  std::map<log::TopicPartition, Held> held_;
};

}  // namespace hailstorm::service

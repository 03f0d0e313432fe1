#pragma once

#include <cstdint>
#include <vector>

#include "broker/cli/closed_partitions.h"
#include "broker/cli/reading_end.h"
#include "broker/cli/start_point.h"
#include "common/base/clock.h"
#include "common/log/log.h"

namespace hailstorm::cli {

/// The partitions that were closed when a command began to follow a topic: each is read from its
/// start point once it is open.
///
/// Thread safety: not safe.
class LateStart {
 public:
  LateStart(const StartPoint& from, const std::vector<log::ClosedPartition>& closed);

  /// Adds those that are open now to what `consumer` reads. Asks the broker once a second at most.
  [[nodiscard]] Status join(log::Admin& admin, log::Consumer& consumer, ReadingEnd& end,
                            ClosedPartitions& closed);

 private:
  StartPoint from_;
  std::vector<log::TopicPartition> missing_;
  const SystemClock clock_;
  int64_t not_before_ms_ = 0;
};

}  // namespace hailstorm::cli

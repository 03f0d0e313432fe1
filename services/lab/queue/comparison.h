#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"
#include "common/log/log.h"

namespace hailstorm::lab {

/// What each reader got of the same rides.
struct Reading {
  int64_t first = 0;
  int64_t second = 0;  // which wants all of them, too
  int64_t late = 0;    // which came when both were done
  int64_t again = 0;   // the first one, which wants them once more
  int64_t kept = 0;    // what is still there afterwards
};

struct QueueOrLog {
  int64_t rides = 0;
  Reading log;         // groups of the real broker
  Reading queue;       // one work queue
  Reading queue_each;  // a queue for each of the two readers that were known in time
};

inline constexpr int64_t kLeastRides = 4;
inline constexpr int64_t kMostRides = 1'000;

/// Lets `rides` of the newest rides of the log go through a log and through a work queue. The
/// groups that it needs are removed after it. Safe from any thread. Errors: not_now, there are too
/// few rides yet; those of the log.
[[nodiscard]] Result<QueueOrLog> compare_queue_and_log(log::Engine& engine, int64_t rides);

[[nodiscard]] json::Value to_json(const QueueOrLog& result);
/// A table for people; errors where the document is none of the above.
[[nodiscard]] Result<std::vector<std::string>> to_lines(const json::Value& result);

}  // namespace hailstorm::lab

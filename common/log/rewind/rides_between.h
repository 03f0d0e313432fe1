#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "common/base/result.h"
#include "common/log/log.h"

namespace hailstorm::log {

/// A part of a partition: the records from `begin` on that lie before `end`.
struct RecordRange {
  Position begin;
  int64_t end = 0;

  [[nodiscard]] int64_t count() const { return end > begin.offset ? end - begin.offset : 0; }
};

/// Of how many rides the records of some ranges are.
struct RideCounts {
  std::map<TopicPartition, int64_t> by_partition;
  int64_t all = 0;
};

/// Of more records than these the rides are not counted.
inline constexpr int64_t kMostRecordsToCount = 1'000'000;

/// Reads the ranges and counts the distinct rides; a record that names no ride is of none.
/// REQUIRES: together they have at most kMostRecordsToCount records. Errors: unavailable, corrupt,
/// storage_error. Safe from any thread.
[[nodiscard]] Result<RideCounts> rides_between(Engine& engine,
                                               const std::vector<RecordRange>& ranges);

}  // namespace hailstorm::log

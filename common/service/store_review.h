#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "common/service/log_positions.h"

namespace hailstorm::service {

/// Where a store is in one partition, beside what the log has and what the group committed.
struct ReviewedPartition {
  log::Position next;    // what the store must read next
  bool is_kept = false;  // that is the store's own position
  int64_t log_start = 0;
  int64_t log_end = 0;
  int64_t committed = -1;  // by the group; -1: nothing

  /// The group was further than the store is.
  [[nodiscard]] bool lags() const { return next.offset < std::min(committed, log_end); }
  /// The log has no longer what the store must read next.
  [[nodiscard]] bool is_missing() const { return next.offset < log_start; }
};

/// What is known beside the positions about how a store came to be.
struct StoreHistory {
  bool is_of_older_program = false;  // it has events, and no positions were kept
  bool was_used = false;             // its service has written to the log before
};

/// The partitions of these topics, except those that the broker has closed, of which nothing is
/// known. A store goes on
/// - at its own position, if it has one of this topic and the log reaches to there;
/// - at the log's start, if the topic was made again, the log has lost its end, or the service is
///   not known to have read the partition before;
/// - at 0, if it has no position although its service has read the partition: the store is new.
[[nodiscard]] std::vector<ReviewedPartition> review(
    const std::vector<log::TopicInfo>& topics, const LogPositions& stored,
    const std::map<log::TopicPartition, int64_t>& committed, const StoreHistory& history);

/// "ride_requested-0: offsets 0 to 99; …" of the records that a store needs and the log has not.
[[nodiscard]] std::string missing_text(const std::vector<ReviewedPartition>& partitions);

}  // namespace hailstorm::service

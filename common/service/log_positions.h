#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/log/log.h"
#include "common/store/database.h"

/// How far a store has applied the log, by partition, written in the transactions that apply it: of
/// the partitions that the service reads, and of those that it alone writes. Instances of one
/// service share the store, and so these rows. Every function runs inside the caller's transaction.
namespace hailstorm::service {

[[nodiscard]] const std::vector<std::string>& log_position_migrations();

struct LogPosition {
  log::Position next;  // the store has every record before it
  /// The store is rebuilt from the log and has caught up when `next` is here; 0: no rebuild.
  int64_t rebuild_until = 0;
};
using LogPositions = std::map<log::TopicPartition, LogPosition>;

[[nodiscard]] Result<LogPositions> read_log_positions(store::Database& db);

/// The positions after these records; of each partition the last one counts.
[[nodiscard]] std::vector<log::Position> positions_after(
    const std::vector<log::ConsumedRecord>& records);

/// A position of another topic id takes the place of the old one and of its rebuild.
[[nodiscard]] Status set_log_positions(store::Database& db,
                                       const std::vector<log::Position>& positions);
/// Moves positions that the store has forward, and makes none; topic ids are not looked at.
[[nodiscard]] Status raise_log_positions(store::Database& db,
                                         const std::map<log::TopicPartition, int64_t>& next);
[[nodiscard]] Status forget_log_positions(store::Database& db);
/// REQUIRES: the store has a position of the partition.
[[nodiscard]] Status set_rebuild_until(store::Database& db, const log::TopicPartition& id,
                                       int64_t until);

/// How many records the rebuild has still to apply; -1: there is no rebuild.
[[nodiscard]] Result<int64_t> count_to_rebuild(store::Database& db);
[[nodiscard]] Status end_rebuild(store::Database& db);

}  // namespace hailstorm::service

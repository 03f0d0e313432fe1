#pragma once

#include <cstddef>
#include <cstdint>

namespace hailstorm::groups {

/// What an operator may set of the group coordinator.
struct CoordinatorOptions {
  int32_t session_timeout_ms = 6000;
  int32_t min_session_timeout_ms = 500;
  int32_t max_session_timeout_ms = 60'000;
  int32_t heartbeat_interval_ms = 500;
  int32_t max_members_per_group = 2000;

  // Over all groups: each takes some kilobytes of memory, and time at each look at all of them.
  size_t max_groups = 5'000;
  size_t max_members = 10'000;
  // Of keys and values in the journal that count, with what it takes to keep each. A start reads
  // them, and the compaction writes them, at once.
  int64_t max_state_bytes = 24 << 20;

  // A group without members and offsets says nothing but its epoch: it goes after ten minutes, or
  // earlier where others need its place.
  int64_t empty_group_ms = int64_t{10} * 60 * 1000;
  // Kafka's offsets.retention.minutes: a group that had no members and no commit for so long goes
  // with its offsets.
  int64_t offsets_retention_ms = int64_t{7} * 24 * 3600 * 1000;
};

}  // namespace hailstorm::groups

#pragma once

#include <cstddef>
#include <cstdint>

namespace hailstorm::groups {

/// The settings of the group coordinator.
struct CoordinatorOptions {
  int32_t session_timeout_ms = 6000;
  int32_t min_session_timeout_ms = 500;
  int32_t max_session_timeout_ms = 1'800'000;  // of both protocols, as in Kafka
  int32_t kafka_session_timeout_ms = 45'000;   // of members with Kafka's clients, which do not say
  int32_t heartbeat_interval_ms = 500;
  int32_t max_members_per_group = 2000;
  // How long the first member of a classic group waits for others that start at the same time.
  int32_t initial_rebalance_delay_ms = 100;

  // Over all groups: each takes some kilobytes of memory, and time at each look at all of them.
  size_t max_groups = 5'000;
  size_t max_members = 10'000;
  // Keys and values of the live journal records, with the memory that each takes besides. A start
  // reads all of them at once, and a compaction writes them.
  int64_t max_state_bytes = 24 << 20;

  // A group without members and offsets has nothing but its epoch: it is removed after ten minutes,
  // or earlier where another group needs its place.
  int64_t empty_group_ms = int64_t{10} * 60 * 1000;
  // Kafka's offsets.retention.minutes: a group that had no members and no commit for so long is
  // removed with its offsets.
  int64_t offsets_retention_ms = int64_t{7} * 24 * 3600 * 1000;
};

}  // namespace hailstorm::groups

#pragma once

#include <cstdint>
#include <string_view>

namespace hailstorm::wire {

/// What the broker answers. Numbers up to 999 are Kafka's own; they go over the wire: do not
/// renumber.
enum class ErrorCode : int16_t {
  none = 0,
  unknown_server_error = -1,
  offset_out_of_range = 1,
  corrupt_message = 2,
  unknown_topic_or_partition = 3,
  request_timed_out = 7,
  message_too_large = 10,
  offset_metadata_too_large = 12,
  coordinator_load_in_progress = 14,
  coordinator_not_available = 15,
  invalid_topic = 17,
  invalid_required_acks = 21,
  illegal_generation = 22,
  inconsistent_group_protocol = 23,
  invalid_group_id = 24,
  unknown_member_id = 25,
  invalid_session_timeout = 26,
  rebalance_in_progress = 27,
  invalid_timestamp = 32,
  unsupported_version = 35,
  topic_already_exists = 36,
  invalid_partitions = 37,
  invalid_replication_factor = 38,
  invalid_replica_assignment = 39,
  invalid_config = 40,
  invalid_request = 42,
  unsupported_for_message_format = 43,
  policy_violation = 44,
  out_of_order_sequence_number = 45,
  duplicate_sequence_number = 46,
  invalid_producer_epoch = 47,
  storage_error = 56,
  unknown_producer_id = 59,
  non_empty_group = 68,
  group_id_not_found = 69,
  unknown_leader_epoch = 75,
  unsupported_compression_type = 76,
  member_id_required = 79,
  group_max_size_reached = 81,
  fenced_instance_id = 82,
  invalid_record = 87,
  unknown_topic_id = 100,
  fenced_member_epoch = 110,
  unreleased_instance_id = 111,
  unsupported_assignor = 112,
  stale_member_epoch = 113,
  invalid_regular_expression = 128,
  // Ours, where Kafka has no word of its own.
  disk_full = 1000,
  shutting_down = 1001,
  out_of_resources = 1002,  // no memory or no open file is left for it now
  // Only made by clients, never sent: no answer came in time, so the outcome is unknown.
  unknown_outcome = 1100,
  not_connected = 1101,
};

/// The constant's own name: "offset_out_of_range".
[[nodiscard]] std::string_view name_of(ErrorCode code);

/// True when the same request may succeed later without change.
[[nodiscard]] bool is_retriable(ErrorCode code);

}  // namespace hailstorm::wire

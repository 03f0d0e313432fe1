#include "common/wire/error_code.h"

namespace hailstorm::wire {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::none:
      return "none";
    case ErrorCode::unknown_server_error:
      return "unknown_server_error";
    case ErrorCode::offset_out_of_range:
      return "offset_out_of_range";
    case ErrorCode::corrupt_message:
      return "corrupt_message";
    case ErrorCode::unknown_topic_or_partition:
      return "unknown_topic_or_partition";
    case ErrorCode::request_timed_out:
      return "request_timed_out";
    case ErrorCode::message_too_large:
      return "message_too_large";
    case ErrorCode::coordinator_load_in_progress:
      return "coordinator_load_in_progress";
    case ErrorCode::invalid_topic:
      return "invalid_topic";
    case ErrorCode::unknown_member_id:
      return "unknown_member_id";
    case ErrorCode::unsupported_version:
      return "unsupported_version";
    case ErrorCode::topic_already_exists:
      return "topic_already_exists";
    case ErrorCode::invalid_partitions:
      return "invalid_partitions";
    case ErrorCode::invalid_config:
      return "invalid_config";
    case ErrorCode::invalid_request:
      return "invalid_request";
    case ErrorCode::policy_violation:
      return "policy_violation";
    case ErrorCode::out_of_order_sequence_number:
      return "out_of_order_sequence_number";
    case ErrorCode::duplicate_sequence_number:
      return "duplicate_sequence_number";
    case ErrorCode::invalid_producer_epoch:
      return "invalid_producer_epoch";
    case ErrorCode::storage_error:
      return "storage_error";
    case ErrorCode::unknown_producer_id:
      return "unknown_producer_id";
    case ErrorCode::non_empty_group:
      return "non_empty_group";
    case ErrorCode::group_id_not_found:
      return "group_id_not_found";
    case ErrorCode::unsupported_compression_type:
      return "unsupported_compression_type";
    case ErrorCode::group_max_size_reached:
      return "group_max_size_reached";
    case ErrorCode::fenced_instance_id:
      return "fenced_instance_id";
    case ErrorCode::invalid_record:
      return "invalid_record";
    case ErrorCode::fenced_member_epoch:
      return "fenced_member_epoch";
    case ErrorCode::unreleased_instance_id:
      return "unreleased_instance_id";
    case ErrorCode::stale_member_epoch:
      return "stale_member_epoch";
    case ErrorCode::disk_full:
      return "disk_full";
    case ErrorCode::shutting_down:
      return "shutting_down";
    case ErrorCode::unknown_outcome:
      return "unknown_outcome";
    case ErrorCode::not_connected:
      return "not_connected";
  }
  return "unrecognized";
}

bool is_retriable(ErrorCode code) {
  switch (code) {
    case ErrorCode::request_timed_out:
    case ErrorCode::coordinator_load_in_progress:
    case ErrorCode::unknown_topic_or_partition:
    case ErrorCode::storage_error:
    case ErrorCode::disk_full:
    case ErrorCode::shutting_down:
    case ErrorCode::unreleased_instance_id:
    case ErrorCode::unknown_outcome:
    case ErrorCode::not_connected:
      return true;
    default:
      return false;
  }
}

}  // namespace hailstorm::wire

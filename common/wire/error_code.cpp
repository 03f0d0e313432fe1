#include "common/wire/error_code.h"

#include <algorithm>
#include <iterator>

namespace hailstorm::wire {
namespace {

struct Name {
  ErrorCode code;
  std::string_view name;
};

constexpr Name kNames[] = {
    {ErrorCode::none, "none"},
    {ErrorCode::unknown_server_error, "unknown_server_error"},
    {ErrorCode::offset_out_of_range, "offset_out_of_range"},
    {ErrorCode::corrupt_message, "corrupt_message"},
    {ErrorCode::unknown_topic_or_partition, "unknown_topic_or_partition"},
    {ErrorCode::request_timed_out, "request_timed_out"},
    {ErrorCode::message_too_large, "message_too_large"},
    {ErrorCode::coordinator_load_in_progress, "coordinator_load_in_progress"},
    {ErrorCode::invalid_topic, "invalid_topic"},
    {ErrorCode::unknown_member_id, "unknown_member_id"},
    {ErrorCode::invalid_timestamp, "invalid_timestamp"},
    {ErrorCode::unsupported_version, "unsupported_version"},
    {ErrorCode::topic_already_exists, "topic_already_exists"},
    {ErrorCode::invalid_partitions, "invalid_partitions"},
    {ErrorCode::invalid_config, "invalid_config"},
    {ErrorCode::invalid_request, "invalid_request"},
    {ErrorCode::policy_violation, "policy_violation"},
    {ErrorCode::out_of_order_sequence_number, "out_of_order_sequence_number"},
    {ErrorCode::duplicate_sequence_number, "duplicate_sequence_number"},
    {ErrorCode::invalid_producer_epoch, "invalid_producer_epoch"},
    {ErrorCode::storage_error, "storage_error"},
    {ErrorCode::unknown_producer_id, "unknown_producer_id"},
    {ErrorCode::non_empty_group, "non_empty_group"},
    {ErrorCode::group_id_not_found, "group_id_not_found"},
    {ErrorCode::unsupported_compression_type, "unsupported_compression_type"},
    {ErrorCode::group_max_size_reached, "group_max_size_reached"},
    {ErrorCode::fenced_instance_id, "fenced_instance_id"},
    {ErrorCode::invalid_record, "invalid_record"},
    {ErrorCode::unknown_topic_id, "unknown_topic_id"},
    {ErrorCode::fenced_member_epoch, "fenced_member_epoch"},
    {ErrorCode::unreleased_instance_id, "unreleased_instance_id"},
    {ErrorCode::stale_member_epoch, "stale_member_epoch"},
    {ErrorCode::disk_full, "disk_full"},
    {ErrorCode::shutting_down, "shutting_down"},
    {ErrorCode::out_of_resources, "out_of_resources"},
    {ErrorCode::unknown_outcome, "unknown_outcome"},
    {ErrorCode::not_connected, "not_connected"},
};

}  // namespace

std::string_view name_of(ErrorCode code) {
  const auto* found = std::ranges::find(kNames, code, &Name::code);
  return found == std::end(kNames) ? "unrecognized" : found->name;
}

bool is_retriable(ErrorCode code) {
  switch (code) {
    case ErrorCode::request_timed_out:
    case ErrorCode::coordinator_load_in_progress:
    case ErrorCode::unknown_topic_or_partition:
    case ErrorCode::storage_error:
    case ErrorCode::disk_full:
    case ErrorCode::shutting_down:
    case ErrorCode::out_of_resources:
    case ErrorCode::unreleased_instance_id:
    case ErrorCode::unknown_outcome:
    case ErrorCode::not_connected:
      return true;
    default:
      return false;
  }
}

}  // namespace hailstorm::wire

#include "common/log/hailstorm/broker_errors.h"

#include <string>

namespace hailstorm::log::hail {
namespace {

using wire::ErrorCode;

LogErrc code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::unknown_topic_or_partition:
    case ErrorCode::unknown_topic_id:
      return LogErrc::unknown_topic;
    case ErrorCode::offset_out_of_range:
      return LogErrc::offset_out_of_range;
    case ErrorCode::corrupt_message:
      return LogErrc::corrupt;
    case ErrorCode::unknown_member_id:
    case ErrorCode::fenced_instance_id:
    case ErrorCode::fenced_member_epoch:
    case ErrorCode::stale_member_epoch:
    case ErrorCode::invalid_producer_epoch:
      return LogErrc::fenced;
    case ErrorCode::storage_error:
      return LogErrc::storage_error;
    default:
      return may_pass(code) ? LogErrc::not_now : LogErrc::refused;
  }
}

}  // namespace

Error error_of(const wire::Outcome& outcome) {
  if (!outcome.message.empty()) return {code_of(outcome.code), outcome.message};
  return {code_of(outcome.code), "the broker answered " + std::string(name_of(outcome.code))};
}

bool may_pass(ErrorCode code) {
  return wire::is_retriable(code) && code != ErrorCode::unknown_topic_or_partition &&
         code != ErrorCode::storage_error;
}

}  // namespace hailstorm::log::hail

#include "broker/transport/kafka/kafka_errors.h"

namespace hailstorm::broker {

int16_t kafka_error(ErrorCode code) {
  switch (code) {
    case ErrorCode::disk_full:
    case ErrorCode::out_of_resources:
      return static_cast<int16_t>(ErrorCode::storage_error);
    case ErrorCode::shutting_down:
      return static_cast<int16_t>(ErrorCode::request_timed_out);
    default:
      return static_cast<int16_t>(code);
  }
}

int16_t kafka_group_error(const wire::Outcome& outcome) {
  switch (outcome.code) {
    case ErrorCode::disk_full:
    case ErrorCode::out_of_resources:
    case ErrorCode::shutting_down:
    case ErrorCode::storage_error:
      return static_cast<int16_t>(ErrorCode::coordinator_not_available);
    case ErrorCode::invalid_request:
      return static_cast<int16_t>(ErrorCode::invalid_group_id);
    default:
      return kafka_error(outcome.code);
  }
}

std::optional<std::string> kafka_message(const wire::Outcome& outcome) {
  if (outcome.code == ErrorCode::none) return std::nullopt;
  return outcome.message;
}

std::optional<std::string> none_if_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace hailstorm::broker

#include "common/wire/error_code.h"

#include <cstdint>

#include "common/base/enum_name.h"

namespace hailstorm::wire {

std::string_view name_of(ErrorCode code) {
  constexpr int64_t kLastOfKafka = 128;
  constexpr int64_t kFirstOwn = 1000;
  constexpr int64_t kLastOwn = 1127;
  return static_cast<int64_t>(code) < kFirstOwn ? enum_name<-1, kLastOfKafka>(code)
                                                : enum_name<kFirstOwn, kLastOwn>(code);
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

#include "common/kafka/messages/find_coordinator.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields FindCoordinatorRequest::fields() {
  static constexpr Field kFields[] = {
      field<&FindCoordinatorRequest::key>("Key", {.until = 3}),
      field<&FindCoordinatorRequest::key_type>("KeyType", {.since = 1}),
      field<&FindCoordinatorRequest::coordinator_keys>("CoordinatorKeys", {.since = 4}),
  };
  return kFields;
}

Fields FindCoordinatorResponse::Coordinator::fields() {
  static constexpr Field kFields[] = {
      field<&Coordinator::key>("Key", {.since = 4}),
      field<&Coordinator::node_id>("NodeId", {.since = 4}),
      field<&Coordinator::host>("Host", {.since = 4}),
      field<&Coordinator::port>("Port", {.since = 4}),
      field<&Coordinator::error_code>("ErrorCode", {.since = 4}),
      field<&Coordinator::error_message>("ErrorMessage", {.since = 4}),
  };
  return kFields;
}

Fields FindCoordinatorResponse::fields() {
  static constexpr Field kFields[] = {
      field<&FindCoordinatorResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 1}),
      field<&FindCoordinatorResponse::error_code>("ErrorCode", {.until = 3}),
      field<&FindCoordinatorResponse::error_message>("ErrorMessage", {.since = 1, .until = 3}),
      field<&FindCoordinatorResponse::node_id>("NodeId", {.until = 3}),
      field<&FindCoordinatorResponse::host>("Host", {.until = 3}),
      field<&FindCoordinatorResponse::port>("Port", {.until = 3}),
      field<&FindCoordinatorResponse::coordinators>("Coordinators", {.since = 4}),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

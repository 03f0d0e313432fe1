#include "common/kafka/messages/join_group.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields JoinGroupRequest::Protocol::fields() {
  static constexpr Field kFields[] = {
      field<&Protocol::name>("Name"),
      field<&Protocol::metadata>("Metadata"),
  };
  return kFields;
}

Fields JoinGroupRequest::fields() {
  static constexpr Field kFields[] = {
      field<&JoinGroupRequest::group_id>("GroupId"),
      field<&JoinGroupRequest::session_timeout_ms>("SessionTimeoutMs"),
      field<&JoinGroupRequest::rebalance_timeout_ms>("RebalanceTimeoutMs", {.since = 1}),
      field<&JoinGroupRequest::member_id>("MemberId"),
      field<&JoinGroupRequest::group_instance_id>("GroupInstanceId", {.since = 5}),
      field<&JoinGroupRequest::protocol_type>("ProtocolType"),
      field<&JoinGroupRequest::protocols>("Protocols"),
      field<&JoinGroupRequest::reason>("Reason", {.since = 8}),
  };
  return kFields;
}

Fields JoinGroupResponse::Member::fields() {
  static constexpr Field kFields[] = {
      field<&Member::member_id>("MemberId"),
      field<&Member::group_instance_id>("GroupInstanceId", {.since = 5}),
      field<&Member::metadata>("Metadata"),
  };
  return kFields;
}

Fields JoinGroupResponse::fields() {
  static constexpr Field kFields[] = {
      field<&JoinGroupResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 2}),
      field<&JoinGroupResponse::error_code>("ErrorCode"),
      field<&JoinGroupResponse::generation_id>("GenerationId"),
      field<&JoinGroupResponse::protocol_type>("ProtocolType", {.since = 7}),
      field<&JoinGroupResponse::protocol_name>("ProtocolName", {.nullable_since = 7}),
      field<&JoinGroupResponse::leader>("Leader"),
      field<&JoinGroupResponse::skip_assignment>("SkipAssignment", {.since = 9}),
      field<&JoinGroupResponse::member_id>("MemberId"),
      field<&JoinGroupResponse::members>("Members"),
  };
  return kFields;
}

Fields SyncGroupRequest::Assignment::fields() {
  static constexpr Field kFields[] = {
      field<&Assignment::member_id>("MemberId"),
      field<&Assignment::assignment>("Assignment"),
  };
  return kFields;
}

Fields SyncGroupRequest::fields() {
  static constexpr Field kFields[] = {
      field<&SyncGroupRequest::group_id>("GroupId"),
      field<&SyncGroupRequest::generation_id>("GenerationId"),
      field<&SyncGroupRequest::member_id>("MemberId"),
      field<&SyncGroupRequest::group_instance_id>("GroupInstanceId", {.since = 3}),
      field<&SyncGroupRequest::protocol_type>("ProtocolType", {.since = 5}),
      field<&SyncGroupRequest::protocol_name>("ProtocolName", {.since = 5}),
      field<&SyncGroupRequest::assignments>("Assignments"),
  };
  return kFields;
}

Fields SyncGroupResponse::fields() {
  static constexpr Field kFields[] = {
      field<&SyncGroupResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 1}),
      field<&SyncGroupResponse::error_code>("ErrorCode"),
      field<&SyncGroupResponse::protocol_type>("ProtocolType", {.since = 5}),
      field<&SyncGroupResponse::protocol_name>("ProtocolName", {.since = 5}),
      field<&SyncGroupResponse::assignment>("Assignment"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

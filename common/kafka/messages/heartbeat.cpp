#include "common/kafka/messages/heartbeat.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields HeartbeatRequest::fields() {
  static constexpr Field kFields[] = {
      field<&HeartbeatRequest::group_id>("GroupId"),
      field<&HeartbeatRequest::generation_id>("GenerationId"),
      field<&HeartbeatRequest::member_id>("MemberId"),
      field<&HeartbeatRequest::group_instance_id>("GroupInstanceId", {.since = 3}),
  };
  return kFields;
}

Fields HeartbeatResponse::fields() {
  static constexpr Field kFields[] = {
      field<&HeartbeatResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 1}),
      field<&HeartbeatResponse::error_code>("ErrorCode"),
  };
  return kFields;
}

Fields LeaveGroupRequest::MemberIdentity::fields() {
  static constexpr Field kFields[] = {
      field<&MemberIdentity::member_id>("MemberId", {.since = 3}),
      field<&MemberIdentity::group_instance_id>("GroupInstanceId", {.since = 3}),
      field<&MemberIdentity::reason>("Reason", {.since = 5}),
  };
  return kFields;
}

Fields LeaveGroupRequest::fields() {
  static constexpr Field kFields[] = {
      field<&LeaveGroupRequest::group_id>("GroupId"),
      field<&LeaveGroupRequest::member_id>("MemberId", {.until = 2}),
      field<&LeaveGroupRequest::members>("Members", {.since = 3}),
  };
  return kFields;
}

Fields LeaveGroupResponse::MemberResponse::fields() {
  static constexpr Field kFields[] = {
      field<&MemberResponse::member_id>("MemberId", {.since = 3}),
      field<&MemberResponse::group_instance_id>("GroupInstanceId", {.since = 3}),
      field<&MemberResponse::error_code>("ErrorCode", {.since = 3}),
  };
  return kFields;
}

Fields LeaveGroupResponse::fields() {
  static constexpr Field kFields[] = {
      field<&LeaveGroupResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 1}),
      field<&LeaveGroupResponse::error_code>("ErrorCode"),
      field<&LeaveGroupResponse::members>("Members", {.since = 3}),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

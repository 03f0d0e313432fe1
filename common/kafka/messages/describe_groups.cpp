#include "common/kafka/messages/describe_groups.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields DescribeGroupsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeGroupsRequest::groups>("Groups"),
      field<&DescribeGroupsRequest::include_authorized_operations>("IncludeAuthorizedOperations",
                                                                   {.since = 3}),
  };
  return kFields;
}

Fields DescribeGroupsResponse::DescribedGroupMember::fields() {
  static constexpr Field kFields[] = {
      field<&DescribedGroupMember::member_id>("MemberId"),
      field<&DescribedGroupMember::group_instance_id>("GroupInstanceId", {.since = 4}),
      field<&DescribedGroupMember::client_id>("ClientId"),
      field<&DescribedGroupMember::client_host>("ClientHost"),
      field<&DescribedGroupMember::member_metadata>("MemberMetadata"),
      field<&DescribedGroupMember::member_assignment>("MemberAssignment"),
  };
  return kFields;
}

Fields DescribeGroupsResponse::DescribedGroup::fields() {
  static constexpr Field kFields[] = {
      field<&DescribedGroup::error_code>("ErrorCode"),
      field<&DescribedGroup::error_message>("ErrorMessage", {.since = 6}),
      field<&DescribedGroup::group_id>("GroupId"),
      field<&DescribedGroup::group_state>("GroupState"),
      field<&DescribedGroup::protocol_type>("ProtocolType"),
      field<&DescribedGroup::protocol_data>("ProtocolData"),
      field<&DescribedGroup::members>("Members"),
      field<&DescribedGroup::authorized_operations>("AuthorizedOperations", {.since = 3}),
  };
  return kFields;
}

Fields DescribeGroupsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeGroupsResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 1}),
      field<&DescribeGroupsResponse::groups>("Groups"),
  };
  return kFields;
}

Fields ListGroupsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&ListGroupsRequest::states_filter>("StatesFilter", {.since = 4}),
      field<&ListGroupsRequest::types_filter>("TypesFilter", {.since = 5}),
  };
  return kFields;
}

Fields ListGroupsResponse::ListedGroup::fields() {
  static constexpr Field kFields[] = {
      field<&ListedGroup::group_id>("GroupId"),
      field<&ListedGroup::protocol_type>("ProtocolType"),
      field<&ListedGroup::group_state>("GroupState", {.since = 4}),
      field<&ListedGroup::group_type>("GroupType", {.since = 5}),
  };
  return kFields;
}

Fields ListGroupsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&ListGroupsResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 1}),
      field<&ListGroupsResponse::error_code>("ErrorCode"),
      field<&ListGroupsResponse::groups>("Groups"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

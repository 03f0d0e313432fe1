#include "common/kafka/messages/delete_groups.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields DeleteGroupsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DeleteGroupsRequest::groups_names>("GroupsNames"),
  };
  return kFields;
}

Fields DeleteGroupsResponse::DeletableGroupResult::fields() {
  static constexpr Field kFields[] = {
      field<&DeletableGroupResult::group_id>("GroupId"),
      field<&DeletableGroupResult::error_code>("ErrorCode"),
  };
  return kFields;
}

Fields DeleteGroupsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DeleteGroupsResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&DeleteGroupsResponse::results>("Results"),
  };
  return kFields;
}

Fields OffsetDeleteRequest::Partition::fields() {
  static constexpr Field kFields[] = {
      field<&Partition::partition_index>("PartitionIndex"),
  };
  return kFields;
}

Fields OffsetDeleteRequest::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::name>("Name"),
      field<&Topic::partitions>("Partitions"),
  };
  return kFields;
}

Fields OffsetDeleteRequest::fields() {
  static constexpr Field kFields[] = {
      field<&OffsetDeleteRequest::group_id>("GroupId"),
      field<&OffsetDeleteRequest::topics>("Topics"),
  };
  return kFields;
}

Fields OffsetDeleteResponse::Partition::fields() {
  static constexpr Field kFields[] = {
      field<&Partition::partition_index>("PartitionIndex"),
      field<&Partition::error_code>("ErrorCode"),
  };
  return kFields;
}

Fields OffsetDeleteResponse::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::name>("Name"),
      field<&Topic::partitions>("Partitions"),
  };
  return kFields;
}

Fields OffsetDeleteResponse::fields() {
  static constexpr Field kFields[] = {
      field<&OffsetDeleteResponse::error_code>("ErrorCode"),
      field<&OffsetDeleteResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&OffsetDeleteResponse::topics>("Topics"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

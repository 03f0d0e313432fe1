#include "common/kafka/messages/offset_fetch.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields OffsetFetchRequest::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::name>("Name", {.until = 7}),
      field<&Topic::partition_indexes>("PartitionIndexes", {.until = 7}),
  };
  return kFields;
}

Fields OffsetFetchRequest::Topics::fields() {
  static constexpr Field kFields[] = {
      field<&Topics::name>("Name", {.since = 8, .until = 9}),
      field<&Topics::topic_id>("TopicId", {.since = 10}),
      field<&Topics::partition_indexes>("PartitionIndexes", {.since = 8}),
  };
  return kFields;
}

Fields OffsetFetchRequest::Group::fields() {
  static constexpr Field kFields[] = {
      field<&Group::group_id>("GroupId", {.since = 8}),
      field<&Group::member_id>("MemberId", {.since = 9}),
      field<&Group::member_epoch>("MemberEpoch", {.since = 9}),
      field<&Group::topics>("Topics", {.since = 8}),
  };
  return kFields;
}

Fields OffsetFetchRequest::fields() {
  static constexpr Field kFields[] = {
      field<&OffsetFetchRequest::group_id>("GroupId", {.until = 7}),
      field<&OffsetFetchRequest::topics>("Topics", {.until = 7, .nullable_since = 2}),
      field<&OffsetFetchRequest::groups>("Groups", {.since = 8}),
      field<&OffsetFetchRequest::require_stable>("RequireStable", {.since = 7}),
  };
  return kFields;
}

Fields OffsetFetchResponse::Partition::fields() {
  static constexpr Field kFields[] = {
      field<&Partition::partition_index>("PartitionIndex", {.until = 7}),
      field<&Partition::committed_offset>("CommittedOffset", {.until = 7}),
      field<&Partition::committed_leader_epoch>("CommittedLeaderEpoch", {.since = 5, .until = 7}),
      field<&Partition::metadata>("Metadata", {.until = 7}),
      field<&Partition::error_code>("ErrorCode", {.until = 7}),
  };
  return kFields;
}

Fields OffsetFetchResponse::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::name>("Name", {.until = 7}),
      field<&Topic::partitions>("Partitions", {.until = 7}),
  };
  return kFields;
}

Fields OffsetFetchResponse::Partitions::fields() {
  static constexpr Field kFields[] = {
      field<&Partitions::partition_index>("PartitionIndex", {.since = 8}),
      field<&Partitions::committed_offset>("CommittedOffset", {.since = 8}),
      field<&Partitions::committed_leader_epoch>("CommittedLeaderEpoch", {.since = 8}),
      field<&Partitions::metadata>("Metadata", {.since = 8}),
      field<&Partitions::error_code>("ErrorCode", {.since = 8}),
  };
  return kFields;
}

Fields OffsetFetchResponse::Topics::fields() {
  static constexpr Field kFields[] = {
      field<&Topics::name>("Name", {.since = 8, .until = 9}),
      field<&Topics::topic_id>("TopicId", {.since = 10}),
      field<&Topics::partitions>("Partitions", {.since = 8}),
  };
  return kFields;
}

Fields OffsetFetchResponse::Group::fields() {
  static constexpr Field kFields[] = {
      field<&Group::group_id>("GroupId", {.since = 8}),
      field<&Group::topics>("Topics", {.since = 8}),
      field<&Group::error_code>("ErrorCode", {.since = 8}),
  };
  return kFields;
}

Fields OffsetFetchResponse::fields() {
  static constexpr Field kFields[] = {
      field<&OffsetFetchResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 3}),
      field<&OffsetFetchResponse::topics>("Topics", {.until = 7}),
      field<&OffsetFetchResponse::error_code>("ErrorCode", {.since = 2, .until = 7}),
      field<&OffsetFetchResponse::groups>("Groups", {.since = 8}),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

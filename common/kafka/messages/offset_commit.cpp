#include "common/kafka/messages/offset_commit.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields OffsetCommitRequest::Partition::fields() {
  static constexpr Field kFields[] = {
      field<&Partition::partition_index>("PartitionIndex"),
      field<&Partition::committed_offset>("CommittedOffset"),
      field<&Partition::committed_leader_epoch>("CommittedLeaderEpoch", {.since = 6}),
      field<&Partition::committed_metadata>("CommittedMetadata"),
  };
  return kFields;
}

Fields OffsetCommitRequest::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::name>("Name", {.until = 9}),
      field<&Topic::topic_id>("TopicId", {.since = 10}),
      field<&Topic::partitions>("Partitions"),
  };
  return kFields;
}

Fields OffsetCommitRequest::fields() {
  static constexpr Field kFields[] = {
      field<&OffsetCommitRequest::group_id>("GroupId"),
      field<&OffsetCommitRequest::generation_id_or_member_epoch>("GenerationIdOrMemberEpoch",
                                                                 {.since = 1}),
      field<&OffsetCommitRequest::member_id>("MemberId", {.since = 1}),
      field<&OffsetCommitRequest::group_instance_id>("GroupInstanceId", {.since = 7}),
      field<&OffsetCommitRequest::retention_time_ms>("RetentionTimeMs", {.since = 2, .until = 4}),
      field<&OffsetCommitRequest::topics>("Topics"),
  };
  return kFields;
}

Fields OffsetCommitResponse::Partition::fields() {
  static constexpr Field kFields[] = {
      field<&Partition::partition_index>("PartitionIndex"),
      field<&Partition::error_code>("ErrorCode"),
  };
  return kFields;
}

Fields OffsetCommitResponse::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::name>("Name", {.until = 9}),
      field<&Topic::topic_id>("TopicId", {.since = 10}),
      field<&Topic::partitions>("Partitions"),
  };
  return kFields;
}

Fields OffsetCommitResponse::fields() {
  static constexpr Field kFields[] = {
      field<&OffsetCommitResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 3}),
      field<&OffsetCommitResponse::topics>("Topics"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

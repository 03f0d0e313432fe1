#include "common/kafka/messages/list_offsets.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields ListOffsetsRequest::Partition::fields() {
  static constexpr Field kFields[] = {
      field<&Partition::partition_index>("PartitionIndex"),
      field<&Partition::current_leader_epoch>("CurrentLeaderEpoch", {.since = 4}),
      field<&Partition::timestamp>("Timestamp"),
  };
  return kFields;
}

Fields ListOffsetsRequest::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::name>("Name"),
      field<&Topic::partitions>("Partitions"),
  };
  return kFields;
}

Fields ListOffsetsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&ListOffsetsRequest::replica_id>("ReplicaId"),
      field<&ListOffsetsRequest::isolation_level>("IsolationLevel", {.since = 2}),
      field<&ListOffsetsRequest::topics>("Topics"),
      field<&ListOffsetsRequest::timeout_ms>("TimeoutMs", {.since = 10}),
  };
  return kFields;
}

Fields ListOffsetsResponse::PartitionResponse::fields() {
  static constexpr Field kFields[] = {
      field<&PartitionResponse::partition_index>("PartitionIndex"),
      field<&PartitionResponse::error_code>("ErrorCode"),
      field<&PartitionResponse::timestamp>("Timestamp", {.since = 1}),
      field<&PartitionResponse::offset>("Offset", {.since = 1}),
      field<&PartitionResponse::leader_epoch>("LeaderEpoch", {.since = 4}),
  };
  return kFields;
}

Fields ListOffsetsResponse::TopicResponse::fields() {
  static constexpr Field kFields[] = {
      field<&TopicResponse::name>("Name"),
      field<&TopicResponse::partitions>("Partitions"),
  };
  return kFields;
}

Fields ListOffsetsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&ListOffsetsResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 2}),
      field<&ListOffsetsResponse::topics>("Topics"),
  };
  return kFields;
}

Fields OffsetForLeaderEpochRequest::OffsetForLeaderPartition::fields() {
  static constexpr Field kFields[] = {
      field<&OffsetForLeaderPartition::partition>("Partition"),
      field<&OffsetForLeaderPartition::current_leader_epoch>("CurrentLeaderEpoch", {.since = 2}),
      field<&OffsetForLeaderPartition::leader_epoch>("LeaderEpoch"),
  };
  return kFields;
}

Fields OffsetForLeaderEpochRequest::OffsetForLeaderTopic::fields() {
  static constexpr Field kFields[] = {
      field<&OffsetForLeaderTopic::topic>("Topic"),
      field<&OffsetForLeaderTopic::partitions>("Partitions"),
  };
  return kFields;
}

Fields OffsetForLeaderEpochRequest::fields() {
  static constexpr Field kFields[] = {
      field<&OffsetForLeaderEpochRequest::replica_id>("ReplicaId", {.since = 3}),
      field<&OffsetForLeaderEpochRequest::topics>("Topics"),
  };
  return kFields;
}

Fields OffsetForLeaderEpochResponse::EpochEndOffset::fields() {
  static constexpr Field kFields[] = {
      field<&EpochEndOffset::error_code>("ErrorCode"),
      field<&EpochEndOffset::partition>("Partition"),
      field<&EpochEndOffset::leader_epoch>("LeaderEpoch", {.since = 1}),
      field<&EpochEndOffset::end_offset>("EndOffset"),
  };
  return kFields;
}

Fields OffsetForLeaderEpochResponse::OffsetForLeaderTopicResult::fields() {
  static constexpr Field kFields[] = {
      field<&OffsetForLeaderTopicResult::topic>("Topic"),
      field<&OffsetForLeaderTopicResult::partitions>("Partitions"),
  };
  return kFields;
}

Fields OffsetForLeaderEpochResponse::fields() {
  static constexpr Field kFields[] = {
      field<&OffsetForLeaderEpochResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 2}),
      field<&OffsetForLeaderEpochResponse::topics>("Topics"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

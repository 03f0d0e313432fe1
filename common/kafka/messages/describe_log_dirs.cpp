#include "common/kafka/messages/describe_log_dirs.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields DescribeLogDirsRequest::DescribableLogDirTopic::fields() {
  static constexpr Field kFields[] = {
      field<&DescribableLogDirTopic::topic>("Topic"),
      field<&DescribableLogDirTopic::partitions>("Partitions"),
  };
  return kFields;
}

Fields DescribeLogDirsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeLogDirsRequest::topics>("Topics"),
  };
  return kFields;
}

Fields DescribeLogDirsResponse::Partition::fields() {
  static constexpr Field kFields[] = {
      field<&Partition::partition_index>("PartitionIndex"),
      field<&Partition::partition_size>("PartitionSize"),
      field<&Partition::offset_lag>("OffsetLag"),
      field<&Partition::is_future_key>("IsFutureKey"),
  };
  return kFields;
}

Fields DescribeLogDirsResponse::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::name>("Name"),
      field<&Topic::partitions>("Partitions"),
  };
  return kFields;
}

Fields DescribeLogDirsResponse::Result::fields() {
  static constexpr Field kFields[] = {
      field<&Result::error_code>("ErrorCode"),
      field<&Result::log_dir>("LogDir"),
      field<&Result::topics>("Topics"),
      field<&Result::total_bytes>("TotalBytes", {.since = 4}),
      field<&Result::usable_bytes>("UsableBytes", {.since = 4}),
  };
  return kFields;
}

Fields DescribeLogDirsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeLogDirsResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&DescribeLogDirsResponse::error_code>("ErrorCode", {.since = 3}),
      field<&DescribeLogDirsResponse::results>("Results"),
  };
  return kFields;
}

Fields ListPartitionReassignmentsRequest::Topics::fields() {
  static constexpr Field kFields[] = {
      field<&Topics::name>("Name"),
      field<&Topics::partition_indexes>("PartitionIndexes"),
  };
  return kFields;
}

Fields ListPartitionReassignmentsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&ListPartitionReassignmentsRequest::timeout_ms>("TimeoutMs"),
      field<&ListPartitionReassignmentsRequest::topics>("Topics"),
  };
  return kFields;
}

Fields ListPartitionReassignmentsResponse::OngoingPartitionReassignment::fields() {
  static constexpr Field kFields[] = {
      field<&OngoingPartitionReassignment::partition_index>("PartitionIndex"),
      field<&OngoingPartitionReassignment::replicas>("Replicas"),
      field<&OngoingPartitionReassignment::adding_replicas>("AddingReplicas"),
      field<&OngoingPartitionReassignment::removing_replicas>("RemovingReplicas"),
  };
  return kFields;
}

Fields ListPartitionReassignmentsResponse::OngoingTopicReassignment::fields() {
  static constexpr Field kFields[] = {
      field<&OngoingTopicReassignment::name>("Name"),
      field<&OngoingTopicReassignment::partitions>("Partitions"),
  };
  return kFields;
}

Fields ListPartitionReassignmentsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&ListPartitionReassignmentsResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&ListPartitionReassignmentsResponse::error_code>("ErrorCode"),
      field<&ListPartitionReassignmentsResponse::error_message>("ErrorMessage"),
      field<&ListPartitionReassignmentsResponse::topics>("Topics"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

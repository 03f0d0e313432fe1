#include "common/kafka/messages/describe_cluster.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields DescribeClusterRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeClusterRequest::include_cluster_authorized_operations>(
          "IncludeClusterAuthorizedOperations"),
      field<&DescribeClusterRequest::endpoint_type>("EndpointType", {.since = 1}),
      field<&DescribeClusterRequest::include_fenced_brokers>("IncludeFencedBrokers", {.since = 2}),
  };
  return kFields;
}

Fields DescribeClusterResponse::Broker::fields() {
  static constexpr Field kFields[] = {
      field<&Broker::broker_id>("BrokerId"),
      field<&Broker::host>("Host"),
      field<&Broker::port>("Port"),
      field<&Broker::rack>("Rack"),
      field<&Broker::is_fenced>("IsFenced", {.since = 2}),
  };
  return kFields;
}

Fields DescribeClusterResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeClusterResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&DescribeClusterResponse::error_code>("ErrorCode"),
      field<&DescribeClusterResponse::error_message>("ErrorMessage"),
      field<&DescribeClusterResponse::endpoint_type>("EndpointType", {.since = 1}),
      field<&DescribeClusterResponse::cluster_id>("ClusterId"),
      field<&DescribeClusterResponse::controller_id>("ControllerId"),
      field<&DescribeClusterResponse::brokers>("Brokers"),
      field<&DescribeClusterResponse::cluster_authorized_operations>("ClusterAuthorizedOperations"),
  };
  return kFields;
}

Fields DescribeTopicPartitionsRequest::TopicRequest::fields() {
  static constexpr Field kFields[] = {
      field<&TopicRequest::name>("Name"),
  };
  return kFields;
}

Fields DescribeTopicPartitionsRequest::Cursor::fields() {
  static constexpr Field kFields[] = {
      field<&Cursor::topic_name>("TopicName"),
      field<&Cursor::partition_index>("PartitionIndex"),
  };
  return kFields;
}

Fields DescribeTopicPartitionsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeTopicPartitionsRequest::topics>("Topics"),
      field<&DescribeTopicPartitionsRequest::response_partition_limit>("ResponsePartitionLimit"),
      field<&DescribeTopicPartitionsRequest::cursor>("Cursor"),
  };
  return kFields;
}

Fields DescribeTopicPartitionsResponse::Partition::fields() {
  static constexpr Field kFields[] = {
      field<&Partition::error_code>("ErrorCode"),
      field<&Partition::partition_index>("PartitionIndex"),
      field<&Partition::leader_id>("LeaderId"),
      field<&Partition::leader_epoch>("LeaderEpoch"),
      field<&Partition::replica_nodes>("ReplicaNodes"),
      field<&Partition::isr_nodes>("IsrNodes"),
      field<&Partition::eligible_leader_replicas>("EligibleLeaderReplicas"),
      field<&Partition::last_known_elr>("LastKnownElr"),
      field<&Partition::offline_replicas>("OfflineReplicas"),
  };
  return kFields;
}

Fields DescribeTopicPartitionsResponse::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::error_code>("ErrorCode"),
      field<&Topic::name>("Name"),
      field<&Topic::topic_id>("TopicId"),
      field<&Topic::is_internal>("IsInternal"),
      field<&Topic::partitions>("Partitions"),
      field<&Topic::topic_authorized_operations>("TopicAuthorizedOperations"),
  };
  return kFields;
}

Fields DescribeTopicPartitionsResponse::Cursor::fields() {
  static constexpr Field kFields[] = {
      field<&Cursor::topic_name>("TopicName"),
      field<&Cursor::partition_index>("PartitionIndex"),
  };
  return kFields;
}

Fields DescribeTopicPartitionsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeTopicPartitionsResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&DescribeTopicPartitionsResponse::topics>("Topics"),
      field<&DescribeTopicPartitionsResponse::next_cursor>("NextCursor"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

#include "common/kafka/messages/metadata.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields MetadataRequest::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::topic_id>("TopicId", {.since = 10}),
      field<&Topic::name>("Name", {.nullable_since = 10}),
  };
  return kFields;
}

Fields MetadataRequest::fields() {
  static constexpr Field kFields[] = {
      field<&MetadataRequest::topics>("Topics", {.nullable_since = 1}),
      field<&MetadataRequest::allow_auto_topic_creation>("AllowAutoTopicCreation", {.since = 4}),
      field<&MetadataRequest::include_cluster_authorized_operations>(
          "IncludeClusterAuthorizedOperations", {.since = 8, .until = 10}),
      field<&MetadataRequest::include_topic_authorized_operations>(
          "IncludeTopicAuthorizedOperations", {.since = 8}),
  };
  return kFields;
}

Fields MetadataResponse::Broker::fields() {
  static constexpr Field kFields[] = {
      field<&Broker::node_id>("NodeId"),
      field<&Broker::host>("Host"),
      field<&Broker::port>("Port"),
      field<&Broker::rack>("Rack", {.since = 1}),
  };
  return kFields;
}

Fields MetadataResponse::Partition::fields() {
  static constexpr Field kFields[] = {
      field<&Partition::error_code>("ErrorCode"),
      field<&Partition::partition_index>("PartitionIndex"),
      field<&Partition::leader_id>("LeaderId"),
      field<&Partition::leader_epoch>("LeaderEpoch", {.since = 7}),
      field<&Partition::replica_nodes>("ReplicaNodes"),
      field<&Partition::isr_nodes>("IsrNodes"),
      field<&Partition::offline_replicas>("OfflineReplicas", {.since = 5}),
  };
  return kFields;
}

Fields MetadataResponse::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::error_code>("ErrorCode"),
      field<&Topic::name>("Name", {.nullable_since = 12}),
      field<&Topic::topic_id>("TopicId", {.since = 10}),
      field<&Topic::is_internal>("IsInternal", {.since = 1}),
      field<&Topic::partitions>("Partitions"),
      field<&Topic::topic_authorized_operations>("TopicAuthorizedOperations", {.since = 8}),
  };
  return kFields;
}

Fields MetadataResponse::fields() {
  static constexpr Field kFields[] = {
      field<&MetadataResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 3}),
      field<&MetadataResponse::brokers>("Brokers"),
      field<&MetadataResponse::cluster_id>("ClusterId", {.since = 2}),
      field<&MetadataResponse::controller_id>("ControllerId", {.since = 1}),
      field<&MetadataResponse::topics>("Topics"),
      field<&MetadataResponse::cluster_authorized_operations>("ClusterAuthorizedOperations",
                                                              {.since = 8, .until = 10}),
      field<&MetadataResponse::error_code>("ErrorCode", {.since = 13}),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

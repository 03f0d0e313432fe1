#include "common/kafka/messages/fetch.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields FetchRequest::ReplicaState::fields() {
  static constexpr Field kFields[] = {
      field<&ReplicaState::replica_id>("ReplicaId", {.since = 15}),
      field<&ReplicaState::replica_epoch>("ReplicaEpoch", {.since = 15}),
  };
  return kFields;
}

Fields FetchRequest::Partition::fields() {
  static constexpr Field kFields[] = {
      field<&Partition::partition>("Partition"),
      field<&Partition::current_leader_epoch>("CurrentLeaderEpoch", {.since = 9}),
      field<&Partition::fetch_offset>("FetchOffset"),
      field<&Partition::last_fetched_epoch>("LastFetchedEpoch", {.since = 12}),
      field<&Partition::log_start_offset>("LogStartOffset", {.since = 5}),
      field<&Partition::partition_max_bytes>("PartitionMaxBytes"),
      tagged_field<&Partition::replica_directory_id>("ReplicaDirectoryId", 0, {.since = 17}),
      tagged_field<&Partition::high_watermark>("HighWatermark", 1, {.since = 18}),
  };
  return kFields;
}

Fields FetchRequest::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::topic>("Topic", {.until = 12}),
      field<&Topic::topic_id>("TopicId", {.since = 13}),
      field<&Topic::partitions>("Partitions"),
  };
  return kFields;
}

Fields FetchRequest::ForgottenTopic::fields() {
  static constexpr Field kFields[] = {
      field<&ForgottenTopic::topic>("Topic", {.since = 7, .until = 12}),
      field<&ForgottenTopic::topic_id>("TopicId", {.since = 13}),
      field<&ForgottenTopic::partitions>("Partitions", {.since = 7}),
  };
  return kFields;
}

Fields FetchRequest::fields() {
  static constexpr Field kFields[] = {
      tagged_field<&FetchRequest::cluster_id>("ClusterId", 0, {.since = 12}),
      field<&FetchRequest::replica_id>("ReplicaId", {.until = 14}),
      tagged_field<&FetchRequest::replica_state>("ReplicaState", 1, {.since = 15}),
      field<&FetchRequest::max_wait_ms>("MaxWaitMs"),
      field<&FetchRequest::min_bytes>("MinBytes"),
      field<&FetchRequest::max_bytes>("MaxBytes", {.since = 3}),
      field<&FetchRequest::isolation_level>("IsolationLevel", {.since = 4}),
      field<&FetchRequest::session_id>("SessionId", {.since = 7}),
      field<&FetchRequest::session_epoch>("SessionEpoch", {.since = 7}),
      field<&FetchRequest::topics>("Topics"),
      field<&FetchRequest::forgotten_topics_data>("ForgottenTopicsData", {.since = 7}),
      field<&FetchRequest::rack_id>("RackId", {.since = 11}),
  };
  return kFields;
}

Fields FetchResponse::EpochEndOffset::fields() {
  static constexpr Field kFields[] = {
      field<&EpochEndOffset::epoch>("Epoch", {.since = 12}),
      field<&EpochEndOffset::end_offset>("EndOffset", {.since = 12}),
  };
  return kFields;
}

Fields FetchResponse::LeaderIdAndEpoch::fields() {
  static constexpr Field kFields[] = {
      field<&LeaderIdAndEpoch::leader_id>("LeaderId", {.since = 12}),
      field<&LeaderIdAndEpoch::leader_epoch>("LeaderEpoch", {.since = 12}),
  };
  return kFields;
}

Fields FetchResponse::SnapshotId::fields() {
  static constexpr Field kFields[] = {
      field<&SnapshotId::end_offset>("EndOffset"),
      field<&SnapshotId::epoch>("Epoch"),
  };
  return kFields;
}

Fields FetchResponse::AbortedTransaction::fields() {
  static constexpr Field kFields[] = {
      field<&AbortedTransaction::producer_id>("ProducerId", {.since = 4}),
      field<&AbortedTransaction::first_offset>("FirstOffset", {.since = 4}),
  };
  return kFields;
}

Fields FetchResponse::PartitionData::fields() {
  static constexpr Field kFields[] = {
      field<&PartitionData::partition_index>("PartitionIndex"),
      field<&PartitionData::error_code>("ErrorCode"),
      field<&PartitionData::high_watermark>("HighWatermark"),
      field<&PartitionData::last_stable_offset>("LastStableOffset", {.since = 4}),
      field<&PartitionData::log_start_offset>("LogStartOffset", {.since = 5}),
      tagged_field<&PartitionData::diverging_epoch>("DivergingEpoch", 0, {.since = 12}),
      tagged_field<&PartitionData::current_leader>("CurrentLeader", 1, {.since = 12}),
      tagged_field<&PartitionData::snapshot_id>("SnapshotId", 2, {.since = 12}),
      field<&PartitionData::aborted_transactions>("AbortedTransactions", {.since = 4}),
      field<&PartitionData::preferred_read_replica>("PreferredReadReplica", {.since = 11}),
      field<&PartitionData::records>("Records"),
  };
  return kFields;
}

Fields FetchResponse::FetchableTopicResponse::fields() {
  static constexpr Field kFields[] = {
      field<&FetchableTopicResponse::topic>("Topic", {.until = 12}),
      field<&FetchableTopicResponse::topic_id>("TopicId", {.since = 13}),
      field<&FetchableTopicResponse::partitions>("Partitions"),
  };
  return kFields;
}

Fields FetchResponse::NodeEndpoint::fields() {
  static constexpr Field kFields[] = {
      field<&NodeEndpoint::node_id>("NodeId", {.since = 16}),
      field<&NodeEndpoint::host>("Host", {.since = 16}),
      field<&NodeEndpoint::port>("Port", {.since = 16}),
      field<&NodeEndpoint::rack>("Rack", {.since = 16}),
  };
  return kFields;
}

Fields FetchResponse::fields() {
  static constexpr Field kFields[] = {
      field<&FetchResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 1}),
      field<&FetchResponse::error_code>("ErrorCode", {.since = 7}),
      field<&FetchResponse::session_id>("SessionId", {.since = 7}),
      field<&FetchResponse::responses>("Responses"),
      tagged_field<&FetchResponse::node_endpoints>("NodeEndpoints", 0, {.since = 16}),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

#include "common/kafka/messages/create_topics.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields CreateTopicsRequest::CreatableReplicaAssignment::fields() {
  static constexpr Field kFields[] = {
      field<&CreatableReplicaAssignment::partition_index>("PartitionIndex"),
      field<&CreatableReplicaAssignment::broker_ids>("BrokerIds"),
  };
  return kFields;
}

Fields CreateTopicsRequest::CreatableTopicConfig::fields() {
  static constexpr Field kFields[] = {
      field<&CreatableTopicConfig::name>("Name"),
      field<&CreatableTopicConfig::value>("Value"),
  };
  return kFields;
}

Fields CreateTopicsRequest::CreatableTopic::fields() {
  static constexpr Field kFields[] = {
      field<&CreatableTopic::name>("Name"),
      field<&CreatableTopic::num_partitions>("NumPartitions"),
      field<&CreatableTopic::replication_factor>("ReplicationFactor"),
      field<&CreatableTopic::assignments>("Assignments"),
      field<&CreatableTopic::configs>("Configs"),
  };
  return kFields;
}

Fields CreateTopicsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&CreateTopicsRequest::topics>("Topics"),
      field<&CreateTopicsRequest::timeout_ms>("timeoutMs"),
      field<&CreateTopicsRequest::validate_only>("validateOnly", {.since = 1}),
  };
  return kFields;
}

Fields CreateTopicsResponse::CreatableTopicConfigs::fields() {
  static constexpr Field kFields[] = {
      field<&CreatableTopicConfigs::name>("Name", {.since = 5}),
      field<&CreatableTopicConfigs::value>("Value", {.since = 5}),
      field<&CreatableTopicConfigs::read_only>("ReadOnly", {.since = 5}),
      field<&CreatableTopicConfigs::config_source>("ConfigSource", {.since = 5}),
      field<&CreatableTopicConfigs::is_sensitive>("IsSensitive", {.since = 5}),
  };
  return kFields;
}

Fields CreateTopicsResponse::CreatableTopicResult::fields() {
  static constexpr Field kFields[] = {
      field<&CreatableTopicResult::name>("Name"),
      field<&CreatableTopicResult::topic_id>("TopicId", {.since = 7}),
      field<&CreatableTopicResult::error_code>("ErrorCode"),
      field<&CreatableTopicResult::error_message>("ErrorMessage", {.since = 1}),
      tagged_field<&CreatableTopicResult::topic_config_error_code>("TopicConfigErrorCode", 0,
                                                                   {.since = 5}),
      field<&CreatableTopicResult::num_partitions>("NumPartitions", {.since = 5}),
      field<&CreatableTopicResult::replication_factor>("ReplicationFactor", {.since = 5}),
      field<&CreatableTopicResult::configs>("Configs", {.since = 5}),
  };
  return kFields;
}

Fields CreateTopicsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&CreateTopicsResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 2}),
      field<&CreateTopicsResponse::topics>("Topics"),
  };
  return kFields;
}

Fields CreatePartitionsRequest::Assignment::fields() {
  static constexpr Field kFields[] = {
      field<&Assignment::broker_ids>("BrokerIds"),
  };
  return kFields;
}

Fields CreatePartitionsRequest::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::name>("Name"),
      field<&Topic::count>("Count"),
      field<&Topic::assignments>("Assignments"),
  };
  return kFields;
}

Fields CreatePartitionsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&CreatePartitionsRequest::topics>("Topics"),
      field<&CreatePartitionsRequest::timeout_ms>("TimeoutMs"),
      field<&CreatePartitionsRequest::validate_only>("ValidateOnly"),
  };
  return kFields;
}

Fields CreatePartitionsResponse::TopicResult::fields() {
  static constexpr Field kFields[] = {
      field<&TopicResult::name>("Name"),
      field<&TopicResult::error_code>("ErrorCode"),
      field<&TopicResult::error_message>("ErrorMessage"),
  };
  return kFields;
}

Fields CreatePartitionsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&CreatePartitionsResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&CreatePartitionsResponse::results>("Results"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

#include "common/kafka/messages/delete_topics.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields DeleteTopicsRequest::DeleteTopicState::fields() {
  static constexpr Field kFields[] = {
      field<&DeleteTopicState::name>("Name", {.since = 6}),
      field<&DeleteTopicState::topic_id>("TopicId", {.since = 6}),
  };
  return kFields;
}

Fields DeleteTopicsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DeleteTopicsRequest::topics>("Topics", {.since = 6}),
      field<&DeleteTopicsRequest::topic_names>("TopicNames", {.until = 5}),
      field<&DeleteTopicsRequest::timeout_ms>("TimeoutMs"),
  };
  return kFields;
}

Fields DeleteTopicsResponse::DeletableTopicResult::fields() {
  static constexpr Field kFields[] = {
      field<&DeletableTopicResult::name>("Name", {.nullable_since = 6}),
      field<&DeletableTopicResult::topic_id>("TopicId", {.since = 6}),
      field<&DeletableTopicResult::error_code>("ErrorCode"),
      field<&DeletableTopicResult::error_message>("ErrorMessage", {.since = 5}),
  };
  return kFields;
}

Fields DeleteTopicsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DeleteTopicsResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 1}),
      field<&DeleteTopicsResponse::responses>("Responses"),
  };
  return kFields;
}

Fields DeleteRecordsRequest::Partition::fields() {
  static constexpr Field kFields[] = {
      field<&Partition::partition_index>("PartitionIndex"),
      field<&Partition::offset>("Offset"),
  };
  return kFields;
}

Fields DeleteRecordsRequest::Topic::fields() {
  static constexpr Field kFields[] = {
      field<&Topic::name>("Name"),
      field<&Topic::partitions>("Partitions"),
  };
  return kFields;
}

Fields DeleteRecordsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DeleteRecordsRequest::topics>("Topics"),
      field<&DeleteRecordsRequest::timeout_ms>("TimeoutMs"),
  };
  return kFields;
}

Fields DeleteRecordsResponse::PartitionResult::fields() {
  static constexpr Field kFields[] = {
      field<&PartitionResult::partition_index>("PartitionIndex"),
      field<&PartitionResult::low_watermark>("LowWatermark"),
      field<&PartitionResult::error_code>("ErrorCode"),
  };
  return kFields;
}

Fields DeleteRecordsResponse::TopicResult::fields() {
  static constexpr Field kFields[] = {
      field<&TopicResult::name>("Name"),
      field<&TopicResult::partitions>("Partitions"),
  };
  return kFields;
}

Fields DeleteRecordsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DeleteRecordsResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&DeleteRecordsResponse::topics>("Topics"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

#include "common/kafka/messages/produce.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields ProduceRequest::PartitionProduceData::fields() {
  static constexpr Field kFields[] = {
      field<&PartitionProduceData::index>("Index"),
      field<&PartitionProduceData::records>("Records"),
  };
  return kFields;
}

Fields ProduceRequest::TopicProduceData::fields() {
  static constexpr Field kFields[] = {
      field<&TopicProduceData::name>("Name", {.until = 12}),
      field<&TopicProduceData::topic_id>("TopicId", {.since = 13}),
      field<&TopicProduceData::partition_data>("PartitionData"),
  };
  return kFields;
}

Fields ProduceRequest::fields() {
  static constexpr Field kFields[] = {
      field<&ProduceRequest::transactional_id>("TransactionalId", {.since = 3}),
      field<&ProduceRequest::acks>("Acks"),
      field<&ProduceRequest::timeout_ms>("TimeoutMs"),
      field<&ProduceRequest::topic_data>("TopicData"),
  };
  return kFields;
}

Fields ProduceResponse::BatchIndexAndErrorMessage::fields() {
  static constexpr Field kFields[] = {
      field<&BatchIndexAndErrorMessage::batch_index>("BatchIndex", {.since = 8}),
      field<&BatchIndexAndErrorMessage::batch_index_error_message>("BatchIndexErrorMessage",
                                                                   {.since = 8}),
  };
  return kFields;
}

Fields ProduceResponse::LeaderIdAndEpoch::fields() {
  static constexpr Field kFields[] = {
      field<&LeaderIdAndEpoch::leader_id>("LeaderId", {.since = 10}),
      field<&LeaderIdAndEpoch::leader_epoch>("LeaderEpoch", {.since = 10}),
  };
  return kFields;
}

Fields ProduceResponse::PartitionProduceResponse::fields() {
  static constexpr Field kFields[] = {
      field<&PartitionProduceResponse::index>("Index"),
      field<&PartitionProduceResponse::error_code>("ErrorCode"),
      field<&PartitionProduceResponse::base_offset>("BaseOffset"),
      field<&PartitionProduceResponse::log_append_time_ms>("LogAppendTimeMs", {.since = 2}),
      field<&PartitionProduceResponse::log_start_offset>("LogStartOffset", {.since = 5}),
      field<&PartitionProduceResponse::record_errors>("RecordErrors", {.since = 8}),
      field<&PartitionProduceResponse::error_message>("ErrorMessage", {.since = 8}),
      tagged_field<&PartitionProduceResponse::current_leader>("CurrentLeader", 0, {.since = 10}),
  };
  return kFields;
}

Fields ProduceResponse::TopicProduceResponse::fields() {
  static constexpr Field kFields[] = {
      field<&TopicProduceResponse::name>("Name", {.until = 12}),
      field<&TopicProduceResponse::topic_id>("TopicId", {.since = 13}),
      field<&TopicProduceResponse::partition_responses>("PartitionResponses"),
  };
  return kFields;
}

Fields ProduceResponse::NodeEndpoint::fields() {
  static constexpr Field kFields[] = {
      field<&NodeEndpoint::node_id>("NodeId", {.since = 10}),
      field<&NodeEndpoint::host>("Host", {.since = 10}),
      field<&NodeEndpoint::port>("Port", {.since = 10}),
      field<&NodeEndpoint::rack>("Rack", {.since = 10}),
  };
  return kFields;
}

Fields ProduceResponse::fields() {
  static constexpr Field kFields[] = {
      field<&ProduceResponse::responses>("Responses"),
      field<&ProduceResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 1}),
      tagged_field<&ProduceResponse::node_endpoints>("NodeEndpoints", 0, {.since = 10}),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

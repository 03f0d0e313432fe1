#include "common/kafka/messages/describe_producers.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields DescribeProducersRequest::TopicRequest::fields() {
  static constexpr Field kFields[] = {
      field<&TopicRequest::name>("Name"),
      field<&TopicRequest::partition_indexes>("PartitionIndexes"),
  };
  return kFields;
}

Fields DescribeProducersRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeProducersRequest::topics>("Topics"),
  };
  return kFields;
}

Fields DescribeProducersResponse::ProducerState::fields() {
  static constexpr Field kFields[] = {
      field<&ProducerState::producer_id>("ProducerId"),
      field<&ProducerState::producer_epoch>("ProducerEpoch"),
      field<&ProducerState::last_sequence>("LastSequence"),
      field<&ProducerState::last_timestamp>("LastTimestamp"),
      field<&ProducerState::coordinator_epoch>("CoordinatorEpoch"),
      field<&ProducerState::current_txn_start_offset>("CurrentTxnStartOffset"),
  };
  return kFields;
}

Fields DescribeProducersResponse::PartitionResponse::fields() {
  static constexpr Field kFields[] = {
      field<&PartitionResponse::partition_index>("PartitionIndex"),
      field<&PartitionResponse::error_code>("ErrorCode"),
      field<&PartitionResponse::error_message>("ErrorMessage"),
      field<&PartitionResponse::active_producers>("ActiveProducers"),
  };
  return kFields;
}

Fields DescribeProducersResponse::TopicResponse::fields() {
  static constexpr Field kFields[] = {
      field<&TopicResponse::name>("Name"),
      field<&TopicResponse::partitions>("Partitions"),
  };
  return kFields;
}

Fields DescribeProducersResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeProducersResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&DescribeProducersResponse::topics>("Topics"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

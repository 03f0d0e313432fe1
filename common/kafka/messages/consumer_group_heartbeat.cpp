#include "common/kafka/messages/consumer_group_heartbeat.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields ConsumerGroupHeartbeatRequest::TopicPartitions::fields() {
  static constexpr Field kFields[] = {
      field<&TopicPartitions::topic_id>("TopicId"),
      field<&TopicPartitions::partitions>("Partitions"),
  };
  return kFields;
}

Fields ConsumerGroupHeartbeatRequest::fields() {
  static constexpr Field kFields[] = {
      field<&ConsumerGroupHeartbeatRequest::group_id>("GroupId"),
      field<&ConsumerGroupHeartbeatRequest::member_id>("MemberId"),
      field<&ConsumerGroupHeartbeatRequest::member_epoch>("MemberEpoch"),
      field<&ConsumerGroupHeartbeatRequest::instance_id>("InstanceId"),
      field<&ConsumerGroupHeartbeatRequest::rack_id>("RackId"),
      field<&ConsumerGroupHeartbeatRequest::rebalance_timeout_ms>("RebalanceTimeoutMs"),
      field<&ConsumerGroupHeartbeatRequest::subscribed_topic_names>("SubscribedTopicNames"),
      field<&ConsumerGroupHeartbeatRequest::subscribed_topic_regex>("SubscribedTopicRegex",
                                                                    {.since = 1}),
      field<&ConsumerGroupHeartbeatRequest::server_assignor>("ServerAssignor"),
      field<&ConsumerGroupHeartbeatRequest::topic_partitions>("TopicPartitions"),
  };
  return kFields;
}

Fields ConsumerGroupHeartbeatResponse::TopicPartitions::fields() {
  static constexpr Field kFields[] = {
      field<&TopicPartitions::topic_id>("TopicId"),
      field<&TopicPartitions::partitions>("Partitions"),
  };
  return kFields;
}

Fields ConsumerGroupHeartbeatResponse::Assignment::fields() {
  static constexpr Field kFields[] = {
      field<&Assignment::topic_partitions>("TopicPartitions"),
  };
  return kFields;
}

Fields ConsumerGroupHeartbeatResponse::fields() {
  static constexpr Field kFields[] = {
      field<&ConsumerGroupHeartbeatResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&ConsumerGroupHeartbeatResponse::error_code>("ErrorCode"),
      field<&ConsumerGroupHeartbeatResponse::error_message>("ErrorMessage"),
      field<&ConsumerGroupHeartbeatResponse::member_id>("MemberId"),
      field<&ConsumerGroupHeartbeatResponse::member_epoch>("MemberEpoch"),
      field<&ConsumerGroupHeartbeatResponse::heartbeat_interval_ms>("HeartbeatIntervalMs"),
      field<&ConsumerGroupHeartbeatResponse::assignment>("Assignment"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

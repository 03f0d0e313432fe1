#include "common/kafka/messages/consumer_group_describe.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields ConsumerGroupDescribeRequest::fields() {
  static constexpr Field kFields[] = {
      field<&ConsumerGroupDescribeRequest::group_ids>("GroupIds"),
      field<&ConsumerGroupDescribeRequest::include_authorized_operations>(
          "IncludeAuthorizedOperations"),
  };
  return kFields;
}

Fields ConsumerGroupDescribeResponse::TopicPartitions::fields() {
  static constexpr Field kFields[] = {
      field<&TopicPartitions::topic_id>("TopicId"),
      field<&TopicPartitions::topic_name>("TopicName"),
      field<&TopicPartitions::partitions>("Partitions"),
  };
  return kFields;
}

Fields ConsumerGroupDescribeResponse::Assignment::fields() {
  static constexpr Field kFields[] = {
      field<&Assignment::topic_partitions>("TopicPartitions"),
  };
  return kFields;
}

Fields ConsumerGroupDescribeResponse::Member::fields() {
  static constexpr Field kFields[] = {
      field<&Member::member_id>("MemberId"),
      field<&Member::instance_id>("InstanceId"),
      field<&Member::rack_id>("RackId"),
      field<&Member::member_epoch>("MemberEpoch"),
      field<&Member::client_id>("ClientId"),
      field<&Member::client_host>("ClientHost"),
      field<&Member::subscribed_topic_names>("SubscribedTopicNames"),
      field<&Member::subscribed_topic_regex>("SubscribedTopicRegex"),
      field<&Member::assignment>("Assignment"),
      field<&Member::target_assignment>("TargetAssignment"),
      field<&Member::member_type>("MemberType", {.since = 1}),
  };
  return kFields;
}

Fields ConsumerGroupDescribeResponse::DescribedGroup::fields() {
  static constexpr Field kFields[] = {
      field<&DescribedGroup::error_code>("ErrorCode"),
      field<&DescribedGroup::error_message>("ErrorMessage"),
      field<&DescribedGroup::group_id>("GroupId"),
      field<&DescribedGroup::group_state>("GroupState"),
      field<&DescribedGroup::group_epoch>("GroupEpoch"),
      field<&DescribedGroup::assignment_epoch>("AssignmentEpoch"),
      field<&DescribedGroup::assignor_name>("AssignorName"),
      field<&DescribedGroup::members>("Members"),
      field<&DescribedGroup::authorized_operations>("AuthorizedOperations"),
  };
  return kFields;
}

Fields ConsumerGroupDescribeResponse::fields() {
  static constexpr Field kFields[] = {
      field<&ConsumerGroupDescribeResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&ConsumerGroupDescribeResponse::groups>("Groups"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka

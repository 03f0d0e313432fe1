#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/uuid.h"
#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// Consumer groups (KIP-848), with members and assignments.
namespace hailstorm::kafka {

struct ConsumerGroupDescribeRequest {
  using Response = struct ConsumerGroupDescribeResponse;
  static constexpr ApiKey kKey = ApiKey::consumer_group_describe;
  static constexpr std::string_view kName = "ConsumerGroupDescribeRequest";

  std::vector<std::string> group_ids;
  bool include_authorized_operations = false;

  static Fields fields();
};

struct ConsumerGroupDescribeResponse {
  static constexpr ApiKey kKey = ApiKey::consumer_group_describe;
  static constexpr std::string_view kName = "ConsumerGroupDescribeResponse";

  struct TopicPartitions {
    Uuid topic_id;
    std::string topic_name;
    std::vector<int32_t> partitions;

    static Fields fields();
  };
  struct Assignment {
    std::vector<TopicPartitions> topic_partitions;

    static Fields fields();
  };
  struct Member {
    std::string member_id;
    std::optional<std::string> instance_id;
    std::optional<std::string> rack_id;
    int32_t member_epoch = 0;
    std::string client_id;
    std::string client_host;
    std::vector<std::string> subscribed_topic_names;
    std::optional<std::string> subscribed_topic_regex;
    Assignment assignment;
    Assignment target_assignment;
    int8_t member_type = -1;

    static Fields fields();
  };
  struct DescribedGroup {
    int16_t error_code = 0;
    std::optional<std::string> error_message;
    std::string group_id;
    std::string group_state;
    int32_t group_epoch = 0;
    int32_t assignment_epoch = 0;
    std::string assignor_name;
    std::vector<Member> members;
    int32_t authorized_operations = INT32_MIN;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<DescribedGroup> groups;

  static Fields fields();
};

}  // namespace hailstorm::kafka

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/uuid.h"
#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// A member of a consumer group (KIP-848) joins, stays or leaves.
namespace hailstorm::kafka {

struct ConsumerGroupHeartbeatRequest {
  using Response = struct ConsumerGroupHeartbeatResponse;
  static constexpr ApiKey kKey = ApiKey::consumer_group_heartbeat;
  static constexpr std::string_view kName = "ConsumerGroupHeartbeatRequest";

  struct TopicPartitions {
    Uuid topic_id;
    std::vector<int32_t> partitions;

    static Fields fields();
  };
  std::string group_id;
  std::string member_id;
  int32_t member_epoch = 0;
  std::optional<std::string> instance_id;
  std::optional<std::string> rack_id;
  int32_t rebalance_timeout_ms = -1;
  std::optional<std::vector<std::string>> subscribed_topic_names;
  std::optional<std::string> subscribed_topic_regex;
  std::optional<std::string> server_assignor;
  std::optional<std::vector<TopicPartitions>> topic_partitions;

  static Fields fields();
};

struct ConsumerGroupHeartbeatResponse {
  static constexpr ApiKey kKey = ApiKey::consumer_group_heartbeat;
  static constexpr std::string_view kName = "ConsumerGroupHeartbeatResponse";

  struct TopicPartitions {
    Uuid topic_id;
    std::vector<int32_t> partitions;

    static Fields fields();
  };
  struct Assignment {
    std::vector<TopicPartitions> topic_partitions;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::optional<std::string> error_message;
  std::optional<std::string> member_id;
  int32_t member_epoch = 0;
  int32_t heartbeat_interval_ms = 0;
  std::optional<Assignment> assignment;

  static Fields fields();
};

}  // namespace hailstorm::kafka

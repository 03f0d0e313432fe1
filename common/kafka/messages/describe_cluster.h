#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/uuid.h"
#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// The brokers, and the partitions of topics.
namespace hailstorm::kafka {

struct DescribeClusterRequest {
  using Response = struct DescribeClusterResponse;
  static constexpr ApiKey kKey = ApiKey::describe_cluster;
  static constexpr std::string_view kName = "DescribeClusterRequest";

  bool include_cluster_authorized_operations = false;
  int8_t endpoint_type = 1;
  bool include_fenced_brokers = false;

  static Fields fields();
};

struct DescribeClusterResponse {
  static constexpr ApiKey kKey = ApiKey::describe_cluster;
  static constexpr std::string_view kName = "DescribeClusterResponse";

  struct Broker {
    int32_t broker_id = 0;
    std::string host;
    int32_t port = 0;
    std::optional<std::string> rack;
    bool is_fenced = false;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::optional<std::string> error_message;
  int8_t endpoint_type = 1;
  std::string cluster_id;
  int32_t controller_id = -1;
  std::vector<Broker> brokers;
  int32_t cluster_authorized_operations = INT32_MIN;

  static Fields fields();
};

struct DescribeTopicPartitionsRequest {
  using Response = struct DescribeTopicPartitionsResponse;
  static constexpr ApiKey kKey = ApiKey::describe_topic_partitions;
  static constexpr std::string_view kName = "DescribeTopicPartitionsRequest";

  struct TopicRequest {
    std::string name;

    static Fields fields();
  };
  struct Cursor {
    std::string topic_name;
    int32_t partition_index = 0;

    static Fields fields();
  };
  std::vector<TopicRequest> topics;
  int32_t response_partition_limit = 2000;
  std::optional<Cursor> cursor;

  static Fields fields();
};

struct DescribeTopicPartitionsResponse {
  static constexpr ApiKey kKey = ApiKey::describe_topic_partitions;
  static constexpr std::string_view kName = "DescribeTopicPartitionsResponse";

  struct Partition {
    int16_t error_code = 0;
    int32_t partition_index = 0;
    int32_t leader_id = 0;
    int32_t leader_epoch = -1;
    std::vector<int32_t> replica_nodes;
    std::vector<int32_t> isr_nodes;
    std::optional<std::vector<int32_t>> eligible_leader_replicas;
    std::optional<std::vector<int32_t>> last_known_elr;
    std::vector<int32_t> offline_replicas;

    static Fields fields();
  };
  struct Topic {
    int16_t error_code = 0;
    std::optional<std::string> name = "";
    Uuid topic_id;
    bool is_internal = false;
    std::vector<Partition> partitions;
    int32_t topic_authorized_operations = INT32_MIN;

    static Fields fields();
  };
  struct Cursor {
    std::string topic_name;
    int32_t partition_index = 0;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<Topic> topics;
  std::optional<Cursor> next_cursor;

  static Fields fields();
};

}  // namespace hailstorm::kafka

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/uuid.h"
#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// Brokers, topics, and where their partitions are.
namespace hailstorm::kafka {

struct MetadataRequest {
  using Response = struct MetadataResponse;
  static constexpr ApiKey kKey = ApiKey::metadata;
  static constexpr std::string_view kName = "MetadataRequest";

  struct Topic {
    Uuid topic_id;
    std::optional<std::string> name = "";

    static Fields fields();
  };
  std::optional<std::vector<Topic>> topics = std::vector<Topic>();
  bool allow_auto_topic_creation = true;
  bool include_cluster_authorized_operations = false;
  bool include_topic_authorized_operations = false;

  static Fields fields();
};

struct MetadataResponse {
  static constexpr ApiKey kKey = ApiKey::metadata;
  static constexpr std::string_view kName = "MetadataResponse";

  struct Broker {
    int32_t node_id = 0;
    std::string host;
    int32_t port = 0;
    std::optional<std::string> rack;

    static Fields fields();
  };
  struct Partition {
    int16_t error_code = 0;
    int32_t partition_index = 0;
    int32_t leader_id = 0;
    int32_t leader_epoch = -1;
    std::vector<int32_t> replica_nodes;
    std::vector<int32_t> isr_nodes;
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
  int32_t throttle_time_ms = 0;
  std::vector<Broker> brokers;
  std::optional<std::string> cluster_id;
  int32_t controller_id = -1;
  std::vector<Topic> topics;
  int32_t cluster_authorized_operations = INT32_MIN;
  int16_t error_code = 0;

  static Fields fields();
};

}  // namespace hailstorm::kafka

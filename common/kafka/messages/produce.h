#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/uuid.h"
#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// Record batches for partitions.
namespace hailstorm::kafka {

struct ProduceRequest {
  using Response = struct ProduceResponse;
  static constexpr ApiKey kKey = ApiKey::produce;
  static constexpr std::string_view kName = "ProduceRequest";

  struct PartitionProduceData {
    int32_t index = 0;
    std::optional<Records> records;

    static Fields fields();
  };
  struct TopicProduceData {
    std::string name;
    Uuid topic_id;
    std::vector<PartitionProduceData> partition_data;

    static Fields fields();
  };
  std::optional<std::string> transactional_id;
  int16_t acks = 0;
  int32_t timeout_ms = 0;
  std::vector<TopicProduceData> topic_data;

  static Fields fields();
};

struct ProduceResponse {
  static constexpr ApiKey kKey = ApiKey::produce;
  static constexpr std::string_view kName = "ProduceResponse";

  struct BatchIndexAndErrorMessage {
    int32_t batch_index = 0;
    std::optional<std::string> batch_index_error_message;

    static Fields fields();
  };
  struct LeaderIdAndEpoch {
    int32_t leader_id = -1;
    int32_t leader_epoch = -1;

    friend bool operator==(const LeaderIdAndEpoch&, const LeaderIdAndEpoch&) = default;
    static Fields fields();
  };
  struct PartitionProduceResponse {
    int32_t index = 0;
    int16_t error_code = 0;
    int64_t base_offset = 0;
    int64_t log_append_time_ms = -1;
    int64_t log_start_offset = -1;
    std::vector<BatchIndexAndErrorMessage> record_errors;
    std::optional<std::string> error_message;
    LeaderIdAndEpoch current_leader;

    static Fields fields();
  };
  struct TopicProduceResponse {
    std::string name;
    Uuid topic_id;
    std::vector<PartitionProduceResponse> partition_responses;

    static Fields fields();
  };
  struct NodeEndpoint {
    int32_t node_id = 0;
    std::string host;
    int32_t port = 0;
    std::optional<std::string> rack;

    static Fields fields();
  };
  std::vector<TopicProduceResponse> responses;
  int32_t throttle_time_ms = 0;
  std::vector<NodeEndpoint> node_endpoints;

  static Fields fields();
};

}  // namespace hailstorm::kafka

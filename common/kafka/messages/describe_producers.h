#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// The idempotent producers of partitions.
namespace hailstorm::kafka {

struct DescribeProducersRequest {
  using Response = struct DescribeProducersResponse;
  static constexpr ApiKey kKey = ApiKey::describe_producers;
  static constexpr std::string_view kName = "DescribeProducersRequest";

  struct TopicRequest {
    std::string name;
    std::vector<int32_t> partition_indexes;

    static Fields fields();
  };
  std::vector<TopicRequest> topics;

  static Fields fields();
};

struct DescribeProducersResponse {
  static constexpr ApiKey kKey = ApiKey::describe_producers;
  static constexpr std::string_view kName = "DescribeProducersResponse";

  struct ProducerState {
    int64_t producer_id = 0;
    int32_t producer_epoch = 0;
    int32_t last_sequence = -1;
    int64_t last_timestamp = -1;
    int32_t coordinator_epoch = 0;
    int64_t current_txn_start_offset = -1;

    static Fields fields();
  };
  struct PartitionResponse {
    int32_t partition_index = 0;
    int16_t error_code = 0;
    std::optional<std::string> error_message;
    std::vector<ProducerState> active_producers;

    static Fields fields();
  };
  struct TopicResponse {
    std::string name;
    std::vector<PartitionResponse> partitions;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<TopicResponse> topics;

  static Fields fields();
};

}  // namespace hailstorm::kafka

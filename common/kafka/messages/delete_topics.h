#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/uuid.h"
#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// Topics deleted, and the oldest records of partitions.
namespace hailstorm::kafka {

struct DeleteTopicsRequest {
  using Response = struct DeleteTopicsResponse;
  static constexpr ApiKey kKey = ApiKey::delete_topics;
  static constexpr std::string_view kName = "DeleteTopicsRequest";

  struct DeleteTopicState {
    std::optional<std::string> name;
    Uuid topic_id;

    static Fields fields();
  };
  std::vector<DeleteTopicState> topics;
  std::vector<std::string> topic_names;
  int32_t timeout_ms = 0;

  static Fields fields();
};

struct DeleteTopicsResponse {
  static constexpr ApiKey kKey = ApiKey::delete_topics;
  static constexpr std::string_view kName = "DeleteTopicsResponse";

  struct DeletableTopicResult {
    std::optional<std::string> name = "";
    Uuid topic_id;
    int16_t error_code = 0;
    std::optional<std::string> error_message;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<DeletableTopicResult> responses;

  static Fields fields();
};

struct DeleteRecordsRequest {
  using Response = struct DeleteRecordsResponse;
  static constexpr ApiKey kKey = ApiKey::delete_records;
  static constexpr std::string_view kName = "DeleteRecordsRequest";

  struct Partition {
    int32_t partition_index = 0;
    int64_t offset = 0;

    static Fields fields();
  };
  struct Topic {
    std::string name;
    std::vector<Partition> partitions;

    static Fields fields();
  };
  std::vector<Topic> topics;
  int32_t timeout_ms = 0;

  static Fields fields();
};

struct DeleteRecordsResponse {
  static constexpr ApiKey kKey = ApiKey::delete_records;
  static constexpr std::string_view kName = "DeleteRecordsResponse";

  struct PartitionResult {
    int32_t partition_index = 0;
    int64_t low_watermark = 0;
    int16_t error_code = 0;

    static Fields fields();
  };
  struct TopicResult {
    std::string name;
    std::vector<PartitionResult> partitions;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<TopicResult> topics;

  static Fields fields();
};

}  // namespace hailstorm::kafka

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/uuid.h"
#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// New topics, and more partitions of a topic.
namespace hailstorm::kafka {

struct CreateTopicsRequest {
  using Response = struct CreateTopicsResponse;
  static constexpr ApiKey kKey = ApiKey::create_topics;
  static constexpr std::string_view kName = "CreateTopicsRequest";

  struct CreatableReplicaAssignment {
    int32_t partition_index = 0;
    std::vector<int32_t> broker_ids;

    static Fields fields();
  };
  struct CreatableTopicConfig {
    std::string name;
    std::optional<std::string> value = "";

    static Fields fields();
  };
  struct CreatableTopic {
    std::string name;
    int32_t num_partitions = 0;
    int16_t replication_factor = 0;
    std::vector<CreatableReplicaAssignment> assignments;
    std::vector<CreatableTopicConfig> configs;

    static Fields fields();
  };
  std::vector<CreatableTopic> topics;
  int32_t timeout_ms = 60000;
  bool validate_only = false;

  static Fields fields();
};

struct CreateTopicsResponse {
  static constexpr ApiKey kKey = ApiKey::create_topics;
  static constexpr std::string_view kName = "CreateTopicsResponse";

  struct CreatableTopicConfigs {
    std::string name;
    std::optional<std::string> value = "";
    bool read_only = false;
    int8_t config_source = -1;
    bool is_sensitive = false;

    static Fields fields();
  };
  struct CreatableTopicResult {
    std::string name;
    Uuid topic_id;
    int16_t error_code = 0;
    std::optional<std::string> error_message = "";
    int16_t topic_config_error_code = 0;
    int32_t num_partitions = -1;
    int16_t replication_factor = -1;
    std::optional<std::vector<CreatableTopicConfigs>> configs =
        std::vector<CreatableTopicConfigs>();

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<CreatableTopicResult> topics;

  static Fields fields();
};

struct CreatePartitionsRequest {
  using Response = struct CreatePartitionsResponse;
  static constexpr ApiKey kKey = ApiKey::create_partitions;
  static constexpr std::string_view kName = "CreatePartitionsRequest";

  struct Assignment {
    std::vector<int32_t> broker_ids;

    static Fields fields();
  };
  struct Topic {
    std::string name;
    int32_t count = 0;
    std::optional<std::vector<Assignment>> assignments = std::vector<Assignment>();

    static Fields fields();
  };
  std::vector<Topic> topics;
  int32_t timeout_ms = 0;
  bool validate_only = false;

  static Fields fields();
};

struct CreatePartitionsResponse {
  static constexpr ApiKey kKey = ApiKey::create_partitions;
  static constexpr std::string_view kName = "CreatePartitionsResponse";

  struct TopicResult {
    std::string name;
    int16_t error_code = 0;
    std::optional<std::string> error_message;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<TopicResult> results;

  static Fields fields();
};

}  // namespace hailstorm::kafka

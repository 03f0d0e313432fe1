#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// What the disks hold, and what moves between brokers.
namespace hailstorm::kafka {

struct DescribeLogDirsRequest {
  using Response = struct DescribeLogDirsResponse;
  static constexpr ApiKey kKey = ApiKey::describe_log_dirs;
  static constexpr std::string_view kName = "DescribeLogDirsRequest";

  struct DescribableLogDirTopic {
    std::string topic;
    std::vector<int32_t> partitions;

    static Fields fields();
  };
  std::optional<std::vector<DescribableLogDirTopic>> topics = std::vector<DescribableLogDirTopic>();

  static Fields fields();
};

struct DescribeLogDirsResponse {
  static constexpr ApiKey kKey = ApiKey::describe_log_dirs;
  static constexpr std::string_view kName = "DescribeLogDirsResponse";

  struct Partition {
    int32_t partition_index = 0;
    int64_t partition_size = 0;
    int64_t offset_lag = 0;
    bool is_future_key = false;

    static Fields fields();
  };
  struct Topic {
    std::string name;
    std::vector<Partition> partitions;

    static Fields fields();
  };
  struct Result {
    int16_t error_code = 0;
    std::string log_dir;
    std::vector<Topic> topics;
    int64_t total_bytes = -1;
    int64_t usable_bytes = -1;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::vector<Result> results;

  static Fields fields();
};

struct ListPartitionReassignmentsRequest {
  using Response = struct ListPartitionReassignmentsResponse;
  static constexpr ApiKey kKey = ApiKey::list_partition_reassignments;
  static constexpr std::string_view kName = "ListPartitionReassignmentsRequest";

  struct Topics {
    std::string name;
    std::vector<int32_t> partition_indexes;

    static Fields fields();
  };
  int32_t timeout_ms = 60000;
  std::optional<std::vector<Topics>> topics;

  static Fields fields();
};

struct ListPartitionReassignmentsResponse {
  static constexpr ApiKey kKey = ApiKey::list_partition_reassignments;
  static constexpr std::string_view kName = "ListPartitionReassignmentsResponse";

  struct OngoingPartitionReassignment {
    int32_t partition_index = 0;
    std::vector<int32_t> replicas;
    std::vector<int32_t> adding_replicas;
    std::vector<int32_t> removing_replicas;

    static Fields fields();
  };
  struct OngoingTopicReassignment {
    std::string name;
    std::vector<OngoingPartitionReassignment> partitions;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::optional<std::string> error_message = "";
  std::vector<OngoingTopicReassignment> topics;

  static Fields fields();
};

}  // namespace hailstorm::kafka

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// Offsets by time, and the end of a leader's epoch.
namespace hailstorm::kafka {

struct ListOffsetsRequest {
  using Response = struct ListOffsetsResponse;
  static constexpr ApiKey kKey = ApiKey::list_offsets;
  static constexpr std::string_view kName = "ListOffsetsRequest";

  struct Partition {
    int32_t partition_index = 0;
    int32_t current_leader_epoch = -1;
    int64_t timestamp = 0;

    static Fields fields();
  };
  struct Topic {
    std::string name;
    std::vector<Partition> partitions;

    static Fields fields();
  };
  int32_t replica_id = 0;
  int8_t isolation_level = 0;
  std::vector<Topic> topics;
  int32_t timeout_ms = 0;

  static Fields fields();
};

struct ListOffsetsResponse {
  static constexpr ApiKey kKey = ApiKey::list_offsets;
  static constexpr std::string_view kName = "ListOffsetsResponse";

  struct PartitionResponse {
    int32_t partition_index = 0;
    int16_t error_code = 0;
    int64_t timestamp = -1;
    int64_t offset = -1;
    int32_t leader_epoch = -1;

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

struct OffsetForLeaderEpochRequest {
  using Response = struct OffsetForLeaderEpochResponse;
  static constexpr ApiKey kKey = ApiKey::offset_for_leader_epoch;
  static constexpr std::string_view kName = "OffsetForLeaderEpochRequest";

  struct OffsetForLeaderPartition {
    int32_t partition = 0;
    int32_t current_leader_epoch = -1;
    int32_t leader_epoch = 0;

    static Fields fields();
  };
  struct OffsetForLeaderTopic {
    std::string topic;
    std::vector<OffsetForLeaderPartition> partitions;

    static Fields fields();
  };
  int32_t replica_id = -2;
  std::vector<OffsetForLeaderTopic> topics;

  static Fields fields();
};

struct OffsetForLeaderEpochResponse {
  static constexpr ApiKey kKey = ApiKey::offset_for_leader_epoch;
  static constexpr std::string_view kName = "OffsetForLeaderEpochResponse";

  struct EpochEndOffset {
    int16_t error_code = 0;
    int32_t partition = 0;
    int32_t leader_epoch = -1;
    int64_t end_offset = -1;

    static Fields fields();
  };
  struct OffsetForLeaderTopicResult {
    std::string topic;
    std::vector<EpochEndOffset> partitions;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<OffsetForLeaderTopicResult> topics;

  static Fields fields();
};

}  // namespace hailstorm::kafka

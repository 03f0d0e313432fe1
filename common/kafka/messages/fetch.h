#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/uuid.h"
#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// Record batches of partitions, from offsets on.
namespace hailstorm::kafka {

struct FetchRequest {
  using Response = struct FetchResponse;
  static constexpr ApiKey kKey = ApiKey::fetch;
  static constexpr std::string_view kName = "FetchRequest";

  struct ReplicaState {
    int32_t replica_id = -1;
    int64_t replica_epoch = -1;

    friend bool operator==(const ReplicaState&, const ReplicaState&) = default;
    static Fields fields();
  };
  struct Partition {
    int32_t partition = 0;
    int32_t current_leader_epoch = -1;
    int64_t fetch_offset = 0;
    int32_t last_fetched_epoch = -1;
    int64_t log_start_offset = -1;
    int32_t partition_max_bytes = 0;
    Uuid replica_directory_id;
    int64_t high_watermark = INT64_MAX;

    static Fields fields();
  };
  struct Topic {
    std::string topic;
    Uuid topic_id;
    std::vector<Partition> partitions;

    static Fields fields();
  };
  struct ForgottenTopic {
    std::string topic;
    Uuid topic_id;
    std::vector<int32_t> partitions;

    static Fields fields();
  };
  std::optional<std::string> cluster_id;
  int32_t replica_id = -1;
  ReplicaState replica_state;
  int32_t max_wait_ms = 0;
  int32_t min_bytes = 0;
  int32_t max_bytes = INT32_MAX;
  int8_t isolation_level = 0;
  int32_t session_id = 0;
  int32_t session_epoch = -1;
  std::vector<Topic> topics;
  std::vector<ForgottenTopic> forgotten_topics_data;
  std::string rack_id;

  static Fields fields();
};

struct FetchResponse {
  static constexpr ApiKey kKey = ApiKey::fetch;
  static constexpr std::string_view kName = "FetchResponse";

  struct EpochEndOffset {
    int32_t epoch = -1;
    int64_t end_offset = -1;

    friend bool operator==(const EpochEndOffset&, const EpochEndOffset&) = default;
    static Fields fields();
  };
  struct LeaderIdAndEpoch {
    int32_t leader_id = -1;
    int32_t leader_epoch = -1;

    friend bool operator==(const LeaderIdAndEpoch&, const LeaderIdAndEpoch&) = default;
    static Fields fields();
  };
  struct SnapshotId {
    int64_t end_offset = -1;
    int32_t epoch = -1;

    friend bool operator==(const SnapshotId&, const SnapshotId&) = default;
    static Fields fields();
  };
  struct AbortedTransaction {
    int64_t producer_id = 0;
    int64_t first_offset = 0;

    static Fields fields();
  };
  struct PartitionData {
    int32_t partition_index = 0;
    int16_t error_code = 0;
    int64_t high_watermark = 0;
    int64_t last_stable_offset = -1;
    int64_t log_start_offset = -1;
    EpochEndOffset diverging_epoch;
    LeaderIdAndEpoch current_leader;
    SnapshotId snapshot_id;
    std::optional<std::vector<AbortedTransaction>> aborted_transactions =
        std::vector<AbortedTransaction>();
    int32_t preferred_read_replica = -1;
    std::optional<Records> records;

    static Fields fields();
  };
  struct FetchableTopicResponse {
    std::string topic;
    Uuid topic_id;
    std::vector<PartitionData> partitions;

    static Fields fields();
  };
  struct NodeEndpoint {
    int32_t node_id = 0;
    std::string host;
    int32_t port = 0;
    std::optional<std::string> rack;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  int32_t session_id = 0;
  std::vector<FetchableTopicResponse> responses;
  std::vector<NodeEndpoint> node_endpoints;

  static Fields fields();
};

}  // namespace hailstorm::kafka

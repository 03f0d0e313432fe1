#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/uuid.h"
#include "common/wire/error_code.h"
#include "common/wire/limits.h"

/// The requests and replies of the broker's protocol, one pair per Api. Bodies travel as cereal
/// PortableBinary (codec.h); record batches travel beside them as frames of their own.
namespace hailstorm::wire {

/// Goes over the wire: do not renumber.
enum class Api : uint8_t {
  produce = 1,
  fetch = 2,
  list_offsets = 3,
  metadata = 4,
  create_topic = 5,
  delete_topic = 6,
  create_partitions = 7,
  init_producer_id = 8,
  group_heartbeat = 9,
  offset_commit = 10,
  offset_fetch = 11,
  list_groups = 12,
  describe_group = 13,
  delete_group = 14,
};
[[nodiscard]] std::string_view name_of(Api api);

/// How a reply says that it failed: code none and an empty message when it did not.
struct Outcome {
  ErrorCode code = ErrorCode::none;
  std::string message;
};

/// A partition of the topic with that id. The zero id is of a sender that does not know it: then
/// it is the topic that has the name now. Two ids are two topics, also under one name.
struct TopicPartition {
  std::string topic;
  int32_t partition = 0;
  Uuid topic_id{};
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

/// The same partition of whatever topic has the name: a key where topics are known by name.
[[nodiscard]] inline TopicPartition by_name(const TopicPartition& id) {
  return {id.topic, id.partition};
}

enum class Acks : int8_t { leader = 1, all = -1 };
enum class FlushPolicy : uint8_t { always = 0, interval = 1 };

/// A topic's settings, fixed at creation but for its partitions, which may grow.
struct TopicConfig {
  int32_t partitions = 4;
  int64_t segment_bytes = int64_t{64} << 20;
  int64_t retention_ms = -1;     // -1: for ever
  int64_t retention_bytes = -1;  // per partition; -1: no limit
  int32_t max_batch_bytes = kMaxBatchBytes;
  FlushPolicy flush = FlushPolicy::always;
  int64_t flush_interval_ms = 1000;  // only with FlushPolicy::interval
  bool compact = false;              // only for __consumer_offsets
  friend bool operator==(const TopicConfig&, const TopicConfig&) = default;
};

/// One batch (the message's second frame) for one partition.
struct ProduceRequest {
  std::string topic;
  int32_t partition = 0;
  Acks acks = Acks::all;
};
struct ProduceReply {
  Outcome outcome;
  int64_t base_offset = -1;
};

struct FetchPartition {
  TopicPartition id;
  int64_t offset = 0;
  int32_t max_bytes = 1 << 20;  // a first batch larger than this is returned all the same
};
struct FetchRequest {
  std::vector<FetchPartition> partitions;
  int32_t max_wait_ms = 500;
  int32_t min_bytes = 1;
  int32_t max_bytes = 4 << 20;
};
struct FetchedPartition {
  TopicPartition id;
  Outcome outcome;
  int64_t high_watermark = -1;
  int64_t log_start_offset = -1;
  int32_t data_bytes = 0;  // > 0: the next unread data frame holds this partition's whole batches
};
struct FetchReply {
  Outcome outcome;
  std::vector<FetchedPartition> partitions;
};

/// timestamp_ms: kLatest, kEarliest, or the first record at or after that time.
inline constexpr int64_t kLatest = -1;
inline constexpr int64_t kEarliest = -2;
struct ListOffsetsRequest {
  std::vector<TopicPartition> partitions;
  int64_t timestamp_ms = kLatest;
};
struct ListedOffset {
  TopicPartition id;
  Outcome outcome;
  int64_t offset = -1;  // the high watermark where no record is that young
  int64_t timestamp_ms = -1;
};
struct ListOffsetsReply {
  Outcome outcome;
  std::vector<ListedOffset> offsets;
};

/// No topics: all of them.
struct MetadataRequest {
  std::vector<std::string> topics;
};
struct PartitionMetadata {
  int32_t partition = 0;
  Outcome outcome;  // not none: the partition failed closed, and why
  int64_t log_start_offset = 0;
  int64_t high_watermark = 0;
  int64_t log_end_offset = 0;
  int64_t size_bytes = 0;
};
struct TopicMetadata {
  std::string name;
  Uuid topic_id{};
  Outcome outcome;
  TopicConfig config;
  std::vector<PartitionMetadata> partitions;
};
struct MetadataReply {
  Outcome outcome;
  std::vector<TopicMetadata> topics;
};

struct CreateTopicRequest {
  std::string name;
  TopicConfig config;
};
struct CreateTopicReply {
  Outcome outcome;
  Uuid topic_id{};
};
struct DeleteTopicRequest {
  std::string name;
};
struct DeleteTopicReply {
  Outcome outcome;
};
struct CreatePartitionsRequest {
  std::string name;
  int32_t partitions = 0;  // the new total
};
struct CreatePartitionsReply {
  Outcome outcome;
};

/// producer_id -1: a new one. Else the same id with the next epoch, which fences the epoch given
/// (KIP-360).
struct InitProducerIdRequest {
  int64_t producer_id = -1;
  int16_t producer_epoch = -1;
};
struct InitProducerIdReply {
  Outcome outcome;
  int64_t producer_id = -1;
  int16_t producer_epoch = -1;
};

/// KIP-848's one request: join (epoch 0), stay (own epoch), leave (-1), leave for a moment (-2,
/// static only).
inline constexpr int32_t kJoinEpoch = 0;
inline constexpr int32_t kLeaveEpoch = -1;
inline constexpr int32_t kLeaveStaticEpoch = -2;
struct GroupHeartbeatRequest {
  std::string group;
  std::string member_id;    // chosen by the member: a UUID
  std::string instance_id;  // empty: dynamic
  int32_t member_epoch = kJoinEpoch;
  int32_t rebalance_timeout_ms = 30'000;
  int32_t session_timeout_ms = 0;     // 0: the broker's default; bounded by the broker's limits
  std::vector<std::string> topics;    // the subscription, complete, every time
  std::vector<TopicPartition> owned;  // what the member holds now, complete, every time
};
struct GroupHeartbeatReply {
  Outcome outcome;
  int32_t member_epoch = 0;
  int32_t heartbeat_interval_ms = 1000;
  std::vector<TopicPartition> assignment;   // what the member may hold now, complete, every time
  std::vector<std::string> missing_topics;  // of the subscription: they do not exist now
};

/// As CommittedOffset::offset of a reply: nothing is committed, and the partition came after the
/// group had subscribed to the topic, so that the group reads it from its start, whatever its reset
/// rule.
inline constexpr int64_t kNewToGroup = -2;
struct CommittedOffset {
  TopicPartition id;
  /// The next one to read; -1 in a reply: none is committed; kNewToGroup; -1 in a request: delete
  /// it.
  int64_t offset = -1;
  int32_t leader_epoch = -1;
  std::string metadata;
};
/// member_epoch -1 with an empty member id: an administrator, accepted only while the group has no
/// member.
struct OffsetCommitRequest {
  std::string group;
  std::string member_id;
  int32_t member_epoch = -1;
  std::vector<CommittedOffset> offsets;
};
struct OffsetCommitReply {
  Outcome outcome;  // one for all: a commit is atomic
};
/// No partitions: all that the group has committed.
struct OffsetFetchRequest {
  std::string group;
  std::vector<TopicPartition> partitions;
};
struct OffsetFetchReply {
  Outcome outcome;
  std::vector<CommittedOffset> offsets;
};

struct ListGroupsRequest {
  bool unused = false;
};
struct GroupSummary {
  std::string group;
  std::string state;  // Kafka's words: Empty, Assigning, Reconciling, Stable, Dead
  int32_t epoch = 0;
  int32_t member_count = 0;
};
struct ListGroupsReply {
  Outcome outcome;
  std::vector<GroupSummary> groups;
};
struct DescribeGroupRequest {
  std::string group;
};
struct GroupMember {
  std::string member_id;
  std::string instance_id;
  int32_t member_epoch = 0;
  std::vector<std::string> topics;
  std::vector<TopicPartition> assigned;
  std::vector<TopicPartition> target;
};
struct GroupPartition {
  TopicPartition id;
  int64_t committed_offset = -1;
  int64_t log_start_offset = 0;
  int64_t high_watermark = 0;
  int64_t lag = 0;    // high watermark - committed, or - log start where nothing is committed
  std::string owner;  // member id, or empty
};
struct DescribeGroupReply {
  Outcome outcome;
  GroupSummary summary;
  std::vector<GroupMember> members;
  std::vector<GroupPartition> partitions;
};
struct DeleteGroupRequest {
  std::string group;
};
struct DeleteGroupReply {
  Outcome outcome;
};

}  // namespace hailstorm::wire

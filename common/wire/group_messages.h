#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "common/wire/api.h"
#include "common/wire/common_fields.h"

/// The messages about consumer groups.
namespace hailstorm::wire {

/// KIP-848's one request: join (epoch 0), stay (own epoch), leave (-1), leave for a moment (-2,
/// static only).
inline constexpr int32_t kJoinEpoch = 0;
inline constexpr int32_t kLeaveEpoch = -1;
inline constexpr int32_t kLeaveStaticEpoch = -2;
struct GroupHeartbeatRequest {
  using Reply = struct GroupHeartbeatReply;
  static constexpr Api kApi = Api::group_heartbeat;

  std::string group;
  std::string member_id;    // chosen by the member: a UUID
  std::string instance_id;  // empty: dynamic
  int32_t member_epoch = kJoinEpoch;
  int32_t rebalance_timeout_ms = 30'000;
  int32_t session_timeout_ms = 0;     // 0: the broker's default; bounded by the broker's limits
  std::vector<std::string> topics;    // the subscription, complete, every time
  std::vector<TopicPartition> owned;  // what the member holds now, complete, every time

  auto fields() {
    return std::tie(group, member_id, instance_id, member_epoch, rebalance_timeout_ms,
                    session_timeout_ms, topics, owned);
  }
};
struct GroupHeartbeatReply {
  Outcome outcome;
  int32_t member_epoch = 0;
  int32_t heartbeat_interval_ms = 1000;
  std::vector<TopicPartition> assignment;   // what the member may hold now, complete, every time
  std::vector<std::string> missing_topics;  // of the subscription: they do not exist now

  auto fields() {
    return std::tie(outcome, member_epoch, heartbeat_interval_ms, assignment, missing_topics);
  }
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

  auto fields() { return std::tie(id, offset, leader_epoch, metadata); }
};
/// member_epoch -1 with an empty member id: an administrator, accepted only while the group has no
/// member.
struct OffsetCommitRequest {
  using Reply = struct OffsetCommitReply;
  static constexpr Api kApi = Api::offset_commit;

  std::string group;
  std::string member_id;
  int32_t member_epoch = -1;
  std::vector<CommittedOffset> offsets;

  auto fields() { return std::tie(group, member_id, member_epoch, offsets); }
};
struct OffsetCommitReply {
  Outcome outcome;  // one for all: a commit is atomic

  auto fields() { return std::tie(outcome); }
};
/// No partitions: all that the group has committed.
struct OffsetFetchRequest {
  using Reply = struct OffsetFetchReply;
  static constexpr Api kApi = Api::offset_fetch;

  std::string group;
  std::vector<TopicPartition> partitions;

  auto fields() { return std::tie(group, partitions); }
};
struct OffsetFetchReply {
  Outcome outcome;
  std::vector<CommittedOffset> offsets;

  auto fields() { return std::tie(outcome, offsets); }
};

struct ListGroupsRequest {
  using Reply = struct ListGroupsReply;
  static constexpr Api kApi = Api::list_groups;

  bool unused = false;

  auto fields() { return std::tie(unused); }
};
struct GroupSummary {
  std::string group;
  std::string state;  // Kafka's words: Empty, Assigning, Reconciling, Stable, Dead
  int32_t epoch = 0;
  int32_t member_count = 0;

  auto fields() { return std::tie(group, state, epoch, member_count); }
};
struct ListGroupsReply {
  Outcome outcome;
  std::vector<GroupSummary> groups;

  auto fields() { return std::tie(outcome, groups); }
};
struct DescribeGroupRequest {
  using Reply = struct DescribeGroupReply;
  static constexpr Api kApi = Api::describe_group;

  std::string group;

  auto fields() { return std::tie(group); }
};
struct GroupMember {
  std::string member_id;
  std::string instance_id;
  int32_t member_epoch = 0;
  std::vector<std::string> topics;
  std::vector<TopicPartition> assigned;
  std::vector<TopicPartition> target;

  auto fields() { return std::tie(member_id, instance_id, member_epoch, topics, assigned, target); }
};
struct GroupPartition {
  TopicPartition id;
  int64_t committed_offset = -1;
  int64_t log_start_offset = 0;
  int64_t high_watermark = 0;
  int64_t lag = 0;    // high watermark - committed, or - log start where nothing is committed
  std::string owner;  // member id, or empty

  auto fields() {
    return std::tie(id, committed_offset, log_start_offset, high_watermark, lag, owner);
  }
};
struct DescribeGroupReply {
  Outcome outcome;
  GroupSummary summary;
  std::vector<GroupMember> members;
  std::vector<GroupPartition> partitions;

  auto fields() { return std::tie(outcome, summary, members, partitions); }
};
struct DeleteGroupRequest {
  using Reply = struct DeleteGroupReply;
  static constexpr Api kApi = Api::delete_group;

  std::string group;

  auto fields() { return std::tie(group); }
};
struct DeleteGroupReply {
  Outcome outcome;

  auto fields() { return std::tie(outcome); }
};
/// Moves the committed offsets of a group, also while it has members: each of them must give these
/// partitions back and takes them again, from the new offsets on. Its commits of earlier epochs are
/// fenced.
struct RewindGroupRequest {
  using Reply = struct RewindGroupReply;
  static constexpr Api kApi = Api::rewind_group;

  std::string group;
  std::vector<CommittedOffset> offsets;  // each at least 0

  auto fields() { return std::tie(group, offsets); }
};
struct RewindGroupReply {
  Outcome outcome;
  int32_t epoch = 0;                    // of the group from now on
  std::vector<CommittedOffset> before;  // in the order of the request; offset -1: there was none

  auto fields() { return std::tie(outcome, epoch, before); }
};

}  // namespace hailstorm::wire

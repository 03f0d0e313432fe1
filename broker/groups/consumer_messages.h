#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "broker/groups/members.h"
#include "common/wire/messages.h"

/// The requests of KIP-848's protocol as Kafka's clients send them: what has not changed since the
/// last one may be left out, and topics are known by their ids.
namespace hailstorm::groups {

/// Nothing in an optional field, and a negative rebalance timeout: as before.
struct ConsumerHeartbeatRequest {
  using Reply = struct ConsumerHeartbeatReply;
  static constexpr const char* kName = "consumer_group_heartbeat";

  struct Owned {
    Uuid topic_id{};
    int32_t partition = 0;
  };
  std::string group;
  std::string member_id;
  int32_t member_epoch = wire::kJoinEpoch;
  std::optional<std::string> instance_id;
  std::optional<std::string> rack_id;
  int32_t rebalance_timeout_ms = -1;
  std::optional<std::vector<std::string>> topics;
  std::optional<std::string> topic_pattern;
  std::optional<std::string> assignor;
  std::optional<std::vector<Owned>> owned;
  std::string client_id;
  std::string client_host;
  bool makes_own_id = true;  // false: an empty member id asks for one
};
struct ConsumerHeartbeatReply {
  wire::Outcome outcome;
  std::string member_id;
  int32_t member_epoch = 0;
  int32_t heartbeat_interval_ms = 0;
  std::optional<std::vector<wire::TopicPartition>> assignment;  // nothing: as before
};

/// Error group_id_not_found: there is no such group, or it is of the classic kind.
struct ConsumerDescribeRequest {
  using Reply = struct ConsumerDescribeReply;
  static constexpr const char* kName = "consumer_group_describe";

  std::string group;
};
struct ConsumerDescribeReply {
  struct Member {
    std::string id;
    std::string instance_id;
    int32_t epoch = 0;
    MemberDetails details;
    std::vector<wire::TopicPartition> assigned;
    std::vector<wire::TopicPartition> target;
  };
  wire::Outcome outcome;
  std::string state;  // in Kafka's words
  int32_t epoch = 0;
  std::string assignor;
  std::vector<Member> members;
};

/// A fetch of offsets that, with a member id or an epoch of at least 0, is only for that member of
/// a group of this kind. Errors unknown_member_id, stale_member_epoch.
struct MemberOffsetFetchRequest {
  using Reply = wire::OffsetFetchReply;
  static constexpr const char* kName = "offset_fetch";

  std::string member_id;
  int32_t member_epoch = -1;
  wire::OffsetFetchRequest fetch;
};

}  // namespace hailstorm::groups

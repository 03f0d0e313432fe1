#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/wire/messages.h"

/// The requests of Kafka's classic group protocol: members join, one of them assigns the
/// partitions, and all of them fetch what it assigned. What subscriptions and assignments say is
/// between the members: here they are bytes.
namespace hailstorm::groups {

/// A way of assigning that a member can do, with what the leader needs to know.
struct ClassicProtocol {
  std::string name;
  std::string metadata;
  friend bool operator==(const ClassicProtocol&, const ClassicProtocol&) = default;
};

struct ClassicJoinRequest {
  using Reply = struct ClassicJoinReply;
  static constexpr const char* kName = "join_group";

  std::string group;
  std::string member_id;    // empty: it joins for the first time
  std::string instance_id;  // empty: dynamic
  std::string client_id;
  std::string client_host;
  int32_t session_timeout_ms = 0;
  int32_t rebalance_timeout_ms = 0;
  std::string protocol_type;
  std::vector<ClassicProtocol> protocols;  // the one that it likes best first
  /// It first asks for an id and then joins with it (KIP-394), so that no member is forgotten that
  /// never received its id.
  bool asks_for_id = false;
  /// It knows ClassicJoinReply::skip_assignment (KIP-814).
  bool can_skip_assignment = false;
};
struct ClassicJoinReply {
  struct Member {
    std::string id;
    std::string instance_id;
    std::string metadata;
  };
  wire::Outcome outcome;
  int32_t generation = -1;
  std::string protocol_type;
  std::string protocol;
  std::string leader;
  bool skip_assignment = false;  // the leader is to leave the assignment as it is
  std::string member_id;
  std::vector<Member> members;  // for the leader: all of them
};

struct ClassicSyncRequest {
  using Reply = struct ClassicSyncReply;
  static constexpr const char* kName = "sync_group";

  struct Assignment {
    std::string member_id;
    std::string bytes;
  };
  std::string group;
  int32_t generation = -1;
  std::string member_id;
  std::string instance_id;
  std::string protocol_type;            // empty: it does not say
  std::string protocol;                 // the same
  std::vector<Assignment> assignments;  // of the leader: for each member
};
struct ClassicSyncReply {
  wire::Outcome outcome;
  std::string protocol_type;
  std::string protocol;
  std::string assignment;
};

struct ClassicHeartbeatRequest {
  using Reply = struct ClassicHeartbeatReply;
  static constexpr const char* kName = "heartbeat";

  std::string group;
  int32_t generation = -1;
  std::string member_id;
  std::string instance_id;
};
struct ClassicHeartbeatReply {
  wire::Outcome outcome;
};

/// Of members by their ids, or of static members by their instance ids alone.
struct ClassicLeaveRequest {
  using Reply = struct ClassicLeaveReply;
  static constexpr const char* kName = "leave_group";

  struct Member {
    std::string id;
    std::string instance_id;
  };
  std::string group;
  std::vector<Member> members;
};
struct ClassicLeaveReply {
  wire::Outcome outcome;
  std::vector<wire::Outcome> members;  // in the order of the request
};

/// A commit as Kafka's clients send it: unlike wire::OffsetCommitRequest it may succeed for some
/// partitions alone. `generation`: of a classic member, or the epoch of another; below 0 with an
/// empty member id: of nobody in particular, accepted while the group has no members.
struct ClassicCommitRequest {
  using Reply = struct ClassicCommitReply;
  static constexpr const char* kName = "offset_commit";

  std::string group;
  int32_t generation = -1;
  std::string member_id;
  std::string instance_id;
  std::vector<wire::CommittedOffset> offsets;
};
struct ClassicCommitReply {
  wire::Outcome outcome;                  // not none: it holds for all of them
  std::vector<wire::Outcome> partitions;  // in the order of the request
};

/// What Kafka's tools want to know of one classic group. Error group_id_not_found: there is none,
/// or it is of the other kind.
struct ClassicDescribeRequest {
  using Reply = struct ClassicDescribeReply;
  static constexpr const char* kName = "describe_groups";

  std::string group;
};
struct ClassicDescribeReply {
  struct Member {
    std::string id;
    std::string instance_id;
    std::string client_id;
    std::string client_host;
    std::string metadata;
    std::string assignment;
  };
  wire::Outcome outcome;
  std::string state;  // in Kafka's words
  std::string protocol_type;
  std::string protocol;
  std::vector<Member> members;
};

/// All groups of both kinds.
struct GroupOverviewRequest {
  using Reply = struct GroupOverviewReply;
  static constexpr const char* kName = "list_groups";
};
struct GroupOverviewReply {
  struct Group {
    std::string name;
    std::string state;
    std::string protocol_type;
    bool is_classic = true;
  };
  wire::Outcome outcome;
  std::vector<Group> groups;
};

}  // namespace hailstorm::groups

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "broker/groups/holdings.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// What only Kafka's clients say of a member.
struct MemberDetails {
  std::string client_id;
  std::string client_host;
  std::string rack_id;              // empty: none
  std::vector<std::string> topics;  // those that it names, beside the ones that match the pattern
  std::string topic_pattern;        // empty: none
  std::string assignor;             // empty: whichever
  friend bool operator==(const MemberDetails&, const MemberDetails&) = default;
};

/// A heartbeat as a group takes it. `topics`: the whole subscription, with all that match a
/// pattern.
struct MemberHeartbeat : wire::GroupHeartbeatRequest {
  MemberDetails details{};
  /// A static member that joins takes the place of the member that has its instance id, even if
  /// that one may still live. False: it has to wait until that one has left.
  bool replaces_instance = true;
  /// False: `owned` is what the group supposes, because the member did not say it.
  bool names_owned = true;
};

/// One member as the coordinator knows it. `epoch` is kLeaveStaticEpoch while a static member is
/// away.
struct Member {
  std::string id;
  std::string instance_id;          // empty: dynamic
  std::vector<std::string> topics;  // its subscription
  MemberDetails details;
  int32_t session_timeout_ms = 0;
  int32_t rebalance_timeout_ms = 0;
  int32_t epoch = 0;
  int32_t previous_epoch = 0;
  Holdings assigned;  // it may read these
  Holdings revoking;  // to be released; the member has not confirmed it
  Partitions target;  // what it is to hold in the end
  int64_t session_deadline_ms = 0;
  int64_t revoke_deadline_ms = 0;  // only while `revoking` is not empty

  [[nodiscard]] bool away() const { return epoch == wire::kLeaveStaticEpoch; }
  /// The group was moved to other offsets since the member got this one of its partitions: the
  /// member must give it back and take it again.
  [[nodiscard]] bool is_rewound(const Holdings::value_type& held) const {
    return !away() && held.second > epoch;
  }
  [[nodiscard]] bool has(const wire::TopicPartition& id_of_partition) const {
    return assigned.contains(id_of_partition) || revoking.contains(id_of_partition);
  }
};

/// The members of one group, by their ids and by the instance ids of static members.
///
/// Thread safety: not safe.
class Members {
 public:
  using ById = std::map<std::string, Member>;

  [[nodiscard]] const ById& by_id() const { return by_id_; }
  [[nodiscard]] ById& by_id() { return by_id_; }
  /// Null: there is none.
  [[nodiscard]] const Member* find(const std::string& id) const;
  [[nodiscard]] const Member* find_instance(const std::string& instance_id) const;
  /// REQUIRES: there is one.
  [[nodiscard]] Member& at(const std::string& id) { return by_id_.at(id); }
  /// It takes its instance id from a member that has it. REQUIRES: no member has its id.
  Member& add(Member member);
  void remove(const std::string& id);

 private:
  ById by_id_;
  std::map<std::string, std::string> ids_;  // by instance id
};

}  // namespace hailstorm::groups

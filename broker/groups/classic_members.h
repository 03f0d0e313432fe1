#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "broker/groups/classic_messages.h"
#include "broker/groups/replies.h"

namespace hailstorm::groups {

/// One member of a classic group.
struct ClassicMember {
  std::string id;
  std::string instance_id;  // empty: dynamic
  std::string client_id;
  std::string client_host;
  int32_t session_timeout_ms = 0;
  int32_t rebalance_timeout_ms = 0;
  std::vector<ClassicProtocol> protocols;  // the one that it likes best first
  std::string assignment;

  int64_t session_deadline_ms = 0;
  bool is_new = true;      // none of its joins was answered yet
  bool owes_sync = false;  // it was answered a join and has not asked for its assignment
  Answer<ClassicJoinReply> join_answer;  // it waits for the others to join
  Answer<ClassicSyncReply> sync_answer;  // it waits for the leader's assignment

  [[nodiscard]] bool is_static() const { return !instance_id.empty(); }
  /// What the leader needs to know for this protocol; empty where it cannot do it.
  [[nodiscard]] std::string metadata(const std::string& protocol) const;
  [[nodiscard]] int64_t held_bytes() const;
};

/// The members of one classic group, by id and by instance id, and what all of them can do.
///
/// Thread safety: not safe.
class ClassicMembers {
 public:
  using ById = std::map<std::string, ClassicMember>;

  [[nodiscard]] const ById& by_id() const { return by_id_; }
  [[nodiscard]] ById& by_id() { return by_id_; }
  [[nodiscard]] bool empty() const { return by_id_.empty(); }
  [[nodiscard]] size_t size() const { return by_id_.size(); }
  /// Null: there is none.
  [[nodiscard]] ClassicMember* find(const std::string& id);
  [[nodiscard]] const ClassicMember* find(const std::string& id) const;
  /// The id of the member that has this instance id; empty: none has.
  [[nodiscard]] std::string id_of_instance(const std::string& instance_id) const;
  /// None: the member is there, and has this instance id (none: it has none, or does not say).
  [[nodiscard]] wire::Outcome check(const std::string& id, const std::string& instance_id) const;

  /// REQUIRES: no member has its id or its instance id.
  ClassicMember& add(ClassicMember member);
  void remove(const std::string& id);
  void clear();

  /// True: one of `protocols` can be done by all members.
  [[nodiscard]] bool can_all_do_one_of(const std::vector<ClassicProtocol>& protocols) const;
  /// Of those that all can do, the one that most like best. REQUIRES: there is one.
  [[nodiscard]] std::string vote() const;
  [[nodiscard]] bool have_all_joined() const;
  /// The longest that one of them may take to join again.
  [[nodiscard]] int32_t rebalance_timeout_ms() const;

 private:
  /// What all of them can do.
  [[nodiscard]] std::set<std::string> common_protocols() const;

  ById by_id_;
  std::map<std::string, std::string> ids_;  // by instance id
};

}  // namespace hailstorm::groups

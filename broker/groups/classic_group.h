#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/groups/classic_members.h"
#include "broker/groups/classic_messages.h"
#include "broker/groups/classic_record.h"
#include "broker/groups/coordinator_options.h"
#include "common/base/result.h"

namespace hailstorm::groups {

/// Kafka's classic protocol for one group. A generation begins when all members have joined: the
/// broker chooses a protocol and a leader, the leader assigns, each member asks for its share, and
/// from then on heartbeats keep it. Any member that comes, goes or changes starts the next one.
/// Knows neither journal nor committed offsets.
///
/// Thread safety: not safe. The options must remain live while it is in use.
class ClassicGroup {
 public:
  explicit ClassicGroup(const CoordinatorOptions& options) : options_(options) {}

  enum class State { empty, preparing_rebalance, completing_rebalance, stable };

  /// Each is answered once, at once or later. `new_id`: for a member that has none.
  void join(const ClassicJoinRequest& request, const std::string& new_id, int64_t now_ms,
            Answer<ClassicJoinReply> answer);
  void sync(const ClassicSyncRequest& request, int64_t now_ms, Answer<ClassicSyncReply> answer);
  [[nodiscard]] wire::Outcome heartbeat(const ClassicHeartbeatRequest& request, int64_t now_ms);
  [[nodiscard]] ClassicLeaveReply leave(const ClassicLeaveRequest& request, int64_t now_ms);
  /// None: this member of this generation may commit now; that is a sign of life.
  [[nodiscard]] wire::Outcome check_commit(const ClassicCommitRequest& request, int64_t now_ms);

  /// Does what is due by the clock: removes silent members, ends the wait for slow ones.
  void expire(int64_t now_ms);

  /// What the journal is to hold; nothing: no record. Is another one after changed().
  [[nodiscard]] const std::optional<ClassicGroupValue>& record() const { return record_; }
  [[nodiscard]] bool changed() const { return changed_; }
  void note_written() { changed_ = false; }
  /// Some answers wait until record() is durable, or its append has failed: end_store() is to be
  /// called then, once for each begin_store(), in their order.
  [[nodiscard]] bool wants_store() const { return wants_store_; }
  void begin_store();
  void end_store(const Status& stored, int64_t now_ms);

  /// While loading: what the journal says; sessions begin now.
  void restore(ClassicGroupValue value, int64_t now_ms);
  /// The group is of another kind from now on, or gone. REQUIRES: it has no members.
  void clear();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] int32_t generation() const { return generation_; }
  [[nodiscard]] const std::string& protocol_type() const { return protocol_type_; }
  [[nodiscard]] const std::string& protocol() const { return protocol_; }
  [[nodiscard]] const ClassicMembers& members() const { return members_; }
  /// Members, and those that were given an id to join with.
  [[nodiscard]] size_t places() const { return members_.size() + given_ids_.size(); }
  [[nodiscard]] int64_t held_bytes() const;
  /// There are neither members nor ids that were given to some, nor is there a record.
  [[nodiscard]] bool is_gone() const {
    return members_.empty() && given_ids_.empty() && !record_ && stores_.empty();
  }

 private:
  using Join = ClassicJoinRequest;

  /// A change of the record that is on its way to the disk, and what waits for it.
  struct Store {
    int32_t generation = -1;
    bool has_assignment = false;  // of this generation: syncs are answered after it
    std::vector<std::function<void(const Status&)>> then;
  };

  [[nodiscard]] wire::Outcome check_join(const Join& request) const;
  [[nodiscard]] wire::Outcome check_sync(const ClassicSyncRequest& request) const;
  void enter(const Join& request, const std::string& id, int64_t now_ms,
             Answer<ClassicJoinReply> answer);
  void take_place(const Join& request, const std::string& new_id, int64_t now_ms,
                  Answer<ClassicJoinReply> answer);
  void rejoin(ClassicMember& member, const Join& request, int64_t now_ms,
              Answer<ClassicJoinReply> answer);
  void await_join(ClassicMember& member, const Join& request, int64_t now_ms,
                  Answer<ClassicJoinReply> answer);
  [[nodiscard]] ClassicJoinReply reply_to(const ClassicMember& member) const;

  [[nodiscard]] static wire::Outcome rebalancing();
  [[nodiscard]] wire::Outcome other_generation(int32_t named) const;
  void begin_rebalance(int64_t now_ms);
  /// Begins the generation if nobody is to be waited for any more.
  void try_complete_join(int64_t now_ms);
  void complete_join(int64_t now_ms);
  [[nodiscard]] bool elect_leader();
  void become_empty();
  void remove(const std::string& member_id, const wire::Outcome& why);
  /// Some members went: the others share again.
  void after_removal(int64_t now_ms);
  void take_assignments(const ClassicSyncRequest& request);
  void answer_syncs();
  void fail_syncs(const wire::Outcome& why);
  void write_record();
  void expire_members(int64_t now_ms);

  const CoordinatorOptions& options_;
  State state_ = State::empty;
  int32_t generation_ = 0;
  std::string protocol_type_;
  std::string protocol_;
  std::string leader_;
  ClassicMembers members_;
  std::map<std::string, int64_t> given_ids_;  // to members that have not joined with them yet

  int64_t join_not_before_ms_ = 0;
  int64_t join_deadline_ms_ = 0;  // while preparing
  int64_t sync_deadline_ms_ = 0;  // of this generation

  std::optional<ClassicGroupValue> record_;
  bool changed_ = false;
  bool wants_store_ = false;
  Store next_store_;
  std::deque<Store> stores_;  // under way
};

/// In Kafka's words: "PreparingRebalance".
[[nodiscard]] std::string_view name_of(ClassicGroup::State state);

}  // namespace hailstorm::groups

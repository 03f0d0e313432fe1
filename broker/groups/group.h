#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "broker/groups/coordinator_options.h"
#include "broker/groups/group_topics.h"
#include "broker/groups/members.h"
#include "broker/groups/partition_owners.h"
#include "broker/groups/targets.h"
#include "broker/groups/topic_catalog.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// KIP-848's state machine for one group: its members, the target assignment, and each member's
/// way towards it. A partition has at most one owner: the next member gets it only after its owner
/// confirmed in a heartbeat that it released it, or was removed. A partition of a topic that was
/// made again is another partition. Knows neither journal nor committed offsets.
///
/// Thread safety: not safe. The catalog and the options must remain live while it is in use.
class Group {
 public:
  Group(std::string name, const TopicCatalog& catalog, const CoordinatorOptions& options)
      : name_(std::move(name)), options_(options), topics_(catalog) {}

  /// Joins, stays, or leaves, as the request's epoch says. An outcome that is not none changed
  /// nothing.
  [[nodiscard]] wire::Outcome heartbeat(const MemberHeartbeat& request, int64_t now_ms);
  /// REQUIRES: heartbeat() has just accepted `request`.
  [[nodiscard]] wire::GroupHeartbeatReply reply_to(
      const wire::GroupHeartbeatRequest& request) const;

  /// The group goes on from other offsets in these partitions: begins a new epoch, of which each is
  /// from now on. So a commit of an earlier one is refused, and the member that has the partition
  /// gives it back before anybody reads from the new offset.
  void rewind(const Partitions& ids);

  /// Removes members whose session or rebalance timeout has passed.
  void expire(int64_t now_ms);
  /// Assigns again if a subscribed topic came, went, or has another id or number of partitions than
  /// the last time.
  void refresh_topics();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int32_t epoch() const { return epoch_; }
  [[nodiscard]] const Members::ById& members() const { return members_.by_id(); }
  [[nodiscard]] const GroupTopics& topics() const { return topics_; }
  [[nodiscard]] const PartitionOwners& owners() const { return owners_; }
  /// By which partitions are shared.
  [[nodiscard]] std::string_view assignor() const { return assignor_of(members_); }

  /// The members that changed, came or went since the last call; an empty id: the group itself.
  [[nodiscard]] std::set<std::string> take_changed();
  [[nodiscard]] bool changed() const { return !changed_.empty(); }

  /// The group is of another kind from now on: nothing of it is kept. REQUIRES: it has no members.
  void clear();

  /// While loading: what the journal says. A partition that two members claim stays with the first.
  void restore(int32_t epoch, SeenTopics subscribed, SeenTopics first_seen);
  void restore(Member member, int64_t now_ms);
  /// An older program, which did not write what the group first saw, had the topic as it is now.
  void assume_seen(const std::string& topic);
  /// All of it is to be written again.
  void change_all();

 private:
  using Request = MemberHeartbeat;

  void join(const Request& request, int64_t now_ms);
  void stay(const Request& request, int64_t now_ms);
  void leave(const Request& request, int64_t now_ms);

  Member& enter(const Request& request);
  void go_away(Member& member, int64_t now_ms);
  /// True when the subscription is another one now.
  bool update(Member& member, const Request& request, int64_t now_ms);
  void reconcile(Member& member, const Partitions& owned, int64_t now_ms);
  /// True: the member has partitions to release, and has just been given its time for that.
  bool begin_revocation(Member& member, int64_t now_ms);
  void take_free_partitions(Member& member);
  void remove(const std::string& member_id);
  void match_patterns();
  void reassign();
  void set_target(Member& member, Partitions target);

  std::string name_;
  const CoordinatorOptions& options_;
  int32_t epoch_ = 0;  // of the group; the target is always made at once, so it is the target's too
  GroupTopics topics_;
  Members members_;
  PartitionOwners owners_;
  std::set<std::string> changed_;
};

}  // namespace hailstorm::groups

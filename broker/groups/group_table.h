#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/groups/append_order.h"
#include "broker/groups/coordinator_options.h"
#include "broker/groups/group_journal.h"
#include "broker/groups/group_limits.h"
#include "broker/groups/journaled_group.h"
#include "broker/groups/topic_catalog.h"
#include "common/base/clock.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// All groups of the broker: finds them, counts what they hold together, makes room for new ones,
/// and removes those that have expired.
///
/// Thread safety: not safe. The references must remain live while it is in use.
class GroupTable {
 public:
  GroupTable(GroupJournal& journal, const TopicCatalog& catalog, const Clock& clock,
             const CoordinatorOptions& options)
      : journal_(journal), catalog_(catalog), clock_(clock), options_(options) {}

  using Groups = std::map<std::string, std::shared_ptr<JournaledGroup>>;
  [[nodiscard]] const Groups& all() const { return groups_; }
  [[nodiscard]] bool contains(const std::string& name) const { return groups_.contains(name); }
  /// Null: there is none.
  [[nodiscard]] std::shared_ptr<JournaledGroup> find(const std::string& name) const;
  [[nodiscard]] std::shared_ptr<JournaledGroup> find_or_make(const std::string& name);
  /// Writes a tombstone for every record of a group without members, then runs `then`.
  void remove(JournaledGroup& group, AppendOrder::Then then);
  /// Takes the group out if nothing is left of it.
  void forget_if_gone(const std::string& name);
  /// Counts what the group holds now. To be called after each change of a group.
  void count(JournaledGroup& group);

  // Whether a request may add something. An outcome that is not none says which limit is reached.
  /// At the limit a new group takes the place of the one that has held nothing for longest.
  [[nodiscard]] wire::Outcome check_room(const std::string& name);
  [[nodiscard]] wire::Outcome check_member(const MemberHeartbeat& request) const;
  /// None: the group has no members of the classic protocol, which other requests may not disturb.
  [[nodiscard]] wire::Outcome check_no_classic(const std::string& name, wire::ErrorCode code) const;
  [[nodiscard]] wire::Outcome check_join(const ClassicJoinRequest& request);
  [[nodiscard]] wire::Outcome check_assignments(const ClassicSyncRequest& request) const {
    return limits_.check_assignments(request);
  }
  [[nodiscard]] wire::Outcome check_offsets(const wire::OffsetCommitRequest& request) const;

  /// Once, when all of the journal has been replayed.
  void finish_loading();
  /// Evicts members whose session or rebalance timeout has passed, and removes groups whose
  /// retention has.
  void expire();
  /// Evicts the members of this group alone.
  void expire(JournaledGroup& group);
  /// Puts groups and committed offsets in step with the topics that exist now.
  void refresh_topics();

 private:
  void make_room();
  void find_removable();
  void note_emptiness(JournaledGroup& group, int64_t now_ms) const;
  [[nodiscard]] bool has_expired(const JournaledGroup& group, int64_t now_ms) const;
  void remove_expired(int64_t now_ms);

  GroupJournal& journal_;
  const TopicCatalog& catalog_;
  const Clock& clock_;
  const CoordinatorOptions& options_;
  GroupLimits limits_{options_, catalog_};
  Groups groups_;
  size_t leaving_ = 0;  // how many of them have is_leaving
  // Groups that hold nothing: since when, and the name; the oldest last.
  std::vector<std::pair<int64_t, std::string>> removable_;
  int64_t look_for_removable_ms_ = 0;
  int64_t look_for_expired_ms_ = 0;
};

}  // namespace hailstorm::groups

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker/groups/append_order.h"
#include "broker/groups/classic_group.h"
#include "broker/groups/group.h"
#include "broker/groups/group_journal.h"
#include "broker/groups/group_limits.h"
#include "broker/groups/group_records.h"
#include "common/base/clock.h"

namespace hailstorm::groups {

/// New values for some committed offsets; offset -1 deletes.
using OffsetChanges = std::vector<wire::CommittedOffset>;

/// One group, its committed offsets, and what the journal has of both. The group's state may be
/// ahead of the journal only until the next reply about it: each reply first appends what changed.
/// Committed offsets change only when the journal is durable, so that no client sees an offset that
/// could be lost again.
///
/// Thread safety: not safe. The references must remain live while it is in use.
class JournaledGroup : public std::enable_shared_from_this<JournaledGroup> {
 public:
  JournaledGroup(std::string name, GroupJournal& journal, const TopicCatalog& catalog,
                 const Clock& clock, const CoordinatorOptions& options)
      : journal_(journal),
        catalog_(catalog),
        clock_(clock),
        group_(std::move(name), catalog, options),
        classic_(options) {}

  [[nodiscard]] Group& group() { return group_; }
  [[nodiscard]] const Group& group() const { return group_; }
  /// A group is of one kind: only one of both has members.
  [[nodiscard]] ClassicGroup& classic() { return classic_; }
  [[nodiscard]] const ClassicGroup& classic() const { return classic_; }
  [[nodiscard]] size_t member_count() const {
    return group_.members().size() + classic_.members().size();
  }
  /// The durable ones, by name, each with its topic's id.
  [[nodiscard]] const std::map<wire::TopicPartition, wire::CommittedOffset>& offsets() const {
    return offsets_;
  }
  /// The durable offset of the partition of the topic with that id; null: none is committed.
  [[nodiscard]] const wire::CommittedOffset* offset(const wire::TopicPartition& id) const;
  /// The last offset of the partition that was accepted, durable or not yet; -1: there is none.
  [[nodiscard]] int64_t accepted_offset(const wire::TopicPartition& id) const;

  /// Appends what changed in the group, then runs `then` when all of that, and what was appended
  /// before, is durable or has failed. Appends nothing when nothing changed.
  void write_group(AppendOrder::Then then);
  /// Appends what changed in the classic group, and gives it the outcome. Call it after each use of
  /// classic() that may change something.
  void write_classic();
  /// Runs `then` as write_group() does, and changes offsets() just before that if it succeeded.
  void write_offsets(const OffsetChanges& changes, AppendOrder::Then then);
  /// Appends what changed in the group and these offsets as one, so that a start finds both or
  /// neither; `then` and offsets() as with write_offsets().
  void write_rewind(const OffsetChanges& changes, AppendOrder::Then then);
  /// Runs `then` when every commit that was accepted so far is durable or has failed.
  void after_commits(AppendOrder::Then then) { commits_.after_all(std::move(then)); }
  /// Writes a tombstone for every record of a group without members.
  void write_removal(AppendOrder::Then then);

  /// There are no members and no offsets, and none are on their way.
  [[nodiscard]] bool holds_nothing() const;
  /// The wall clock's time of the newest commit; -1: there is none.
  [[nodiscard]] int64_t newest_commit_ms() const;
  /// Of the live records, with the memory that each takes besides.
  [[nodiscard]] int64_t state_bytes() const { return state_bytes_; }
  /// Nothing is left of the group, and nothing under way.
  [[nodiscard]] bool gone() const;
  /// The last appended value of each key.
  [[nodiscard]] const Records& journaled() const { return journaled_; }
  /// The changes by which all offsets are of topics that exist: a tombstone where the topic is gone
  /// or another one has its name; the topic's id where an older program wrote none.
  [[nodiscard]] OffsetChanges offsets_to_settle();

  /// While loading, in the journal's order; then finish_loading() once.
  void replay(std::string_view key, std::optional<std::string_view> value);
  /// REQUIRES: all that was replayed can be decoded.
  void finish_loading();

  // What GroupTable notes about it.
  GroupShare counted{};
  int64_t empty_since_ms = -1;  // on the steady clock; -1: it has members
  bool is_leaving = false;      // its removal is on its way

 private:
  using Entries = std::vector<GroupJournal::Entry>;

  /// Change journaled_.
  void keep(const std::string& key, const std::string& value);
  void drop(const std::string& key);

  using Orders = std::vector<AppendOrder*>;

  [[nodiscard]] std::string classic_key() const;
  [[nodiscard]] Entries differences();
  [[nodiscard]] Entries entries_of(const OffsetChanges& changes) const;
  /// `changes` are applied when the entries are durable.
  void append(const Orders& orders, Entries entries, OffsetChanges changes, AppendOrder::Then then);
  void apply(const OffsetChanges& changes);
  /// Their append failed, so they may or may not be in the journal.
  void suspect(const Entries& entries);

  GroupJournal& journal_;
  const TopicCatalog& catalog_;
  const Clock& clock_;
  Group group_;
  ClassicGroup classic_;
  std::map<wire::TopicPartition, wire::CommittedOffset> offsets_;  // by name
  Records journaled_;
  int64_t state_bytes_ = 0;
  // May or may not be in the journal, because their append failed: they are written again.
  std::set<std::string> doubtful_keys_;
  std::set<std::string> doubtful_members_;
  AppendOrder states_;
  AppendOrder commits_;
};

}  // namespace hailstorm::groups

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/groups/coordinator_options.h"
#include "broker/groups/group_journal.h"
#include "broker/groups/topic_catalog.h"
#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// The group coordinator after KIP-848: members, epochs, sticky assignment, offsets. A pure state
/// machine on a clock, a journal and a catalog; it knows neither sockets nor files.
///
/// Thread safety: not safe; the broker's thread owns it. All references must remain live while it
/// is in use.
class Coordinator {
 public:
  Coordinator(GroupJournal& journal, const TopicCatalog& catalog, const Clock& clock,
              CoordinatorOptions options = {});
  ~Coordinator();

  template <class Reply>
  using Answer = std::function<void(Reply)>;

  /// One journal record, in the order in which they were written. Until finish_loading() every
  /// request about groups is answered coordinator_load_in_progress, never with a spurious "none".
  [[nodiscard]] Status replay(std::string_view key, std::optional<std::string_view> value);
  /// The journal cannot be read: every request about groups is answered with this from now on.
  void fail_loading(wire::Outcome why);
  /// Members found in the journal get a whole session from now on.
  void finish_loading();

  /// Each request is answered exactly once through `answer`, at once or when the journal is
  /// durable.
  void heartbeat(const wire::GroupHeartbeatRequest& request,
                 Answer<wire::GroupHeartbeatReply> answer);
  void commit(const wire::OffsetCommitRequest& request, Answer<wire::OffsetCommitReply> answer);
  void fetch_offsets(const wire::OffsetFetchRequest& request,
                     Answer<wire::OffsetFetchReply> answer);
  void list(const wire::ListGroupsRequest& request, Answer<wire::ListGroupsReply> answer) const;
  void describe(const wire::DescribeGroupRequest& request,
                Answer<wire::DescribeGroupReply> answer) const;
  void remove(const wire::DeleteGroupRequest& request, Answer<wire::DeleteGroupReply> answer);

  /// Evicts members whose session or rebalance timeout passed. Call it every 100 ms or so.
  void tick();
  /// A topic was made, grew or went away: subscribed groups are assigned anew; a topic that went
  /// away has its committed offsets tombstoned.
  void topics_changed();

  using GroupFilter = std::function<bool(const std::string& group)>;
  /// Every live journal record (last value of each key) of these groups, for compaction. Without a
  /// filter: of all. REQUIRES: finish_loading() was called.
  [[nodiscard]] std::vector<GroupJournal::Entry> snapshot(const GroupFilter& of = {}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::groups

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/groups/classic_coordinator.h"
#include "broker/groups/consumer_coordinator.h"
#include "broker/groups/coordinator_options.h"
#include "broker/groups/group_journal.h"
#include "broker/groups/group_table.h"
#include "broker/groups/replies.h"
#include "broker/groups/topic_catalog.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/base/result.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// The group coordinator after KIP-848: members, epochs, sticky assignment, offsets; and of groups
/// of the classic protocol. A pure state machine on a clock, a journal and a catalog; it knows
/// neither sockets nor files.
///
/// Thread safety: not safe; the broker's thread owns it. All references must remain live while it
/// is in use.
class Coordinator {
 public:
  Coordinator(GroupJournal& journal, const TopicCatalog& catalog, const Clock& clock,
              CoordinatorOptions options = {}, IdGenerator ids = IdGenerator());
  Coordinator(const Coordinator&) = delete;
  Coordinator& operator=(const Coordinator&) = delete;

  template <class Reply>
  using Answer = groups::Answer<Reply>;

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
  /// Moves a group whether it has members or not. The new offsets and the epoch that fences the
  /// commits of all earlier ones become durable as one.
  void rewind(const wire::RewindGroupRequest& request, Answer<wire::RewindGroupReply> answer);
  void fetch_offsets(const wire::OffsetFetchRequest& request,
                     Answer<wire::OffsetFetchReply> answer);
  void list(const wire::ListGroupsRequest& request, Answer<wire::ListGroupsReply> answer) const;
  void describe(const wire::DescribeGroupRequest& request,
                Answer<wire::DescribeGroupReply> answer) const;
  void remove(const wire::DeleteGroupRequest& request, Answer<wire::DeleteGroupReply> answer);

  /// Of the classic protocol: Classic…Request in classic_messages.h.
  template <class Request>
  void classic(const Request& request, Answer<typename Request::Reply> answer) {
    if (wire::Outcome bad = check_group(request.group); bad.code != wire::ErrorCode::none)
      return refuse<typename Request::Reply>(answer, std::move(bad));
    classic_.handle(request, std::move(answer));
  }

  /// Of KIP-848's, as Kafka's clients send it: Consumer…Request in consumer_messages.h.
  template <class Request>
  void consumer(const Request& request, Answer<typename Request::Reply> answer) {
    if (wire::Outcome bad = check_group(request.group); bad.code != wire::ErrorCode::none)
      return refuse<typename Request::Reply>(answer, std::move(bad));
    consumer_.handle(request, std::move(answer));
  }
  void consumer(const MemberOffsetFetchRequest& request, Answer<wire::OffsetFetchReply> answer);

  void classic(const GroupOverviewRequest&, Answer<GroupOverviewReply> answer) {
    if (wire::Outcome bad = check_loaded(); bad.code != wire::ErrorCode::none)
      return refuse<GroupOverviewReply>(answer, std::move(bad));
    answer(classic_.overview());
  }

  /// Evicts members whose session or rebalance timeout passed. Call it every 100 ms or so.
  void tick();
  /// A topic was made, grew or went away: subscribed groups are assigned again; a topic that went
  /// away has its committed offsets tombstoned.
  void topics_changed();

  using GroupFilter = std::function<bool(const std::string& group)>;
  /// Every live journal record (last value of each key) of these groups, for compaction. Without a
  /// filter: of all. REQUIRES: finish_loading() was called.
  [[nodiscard]] std::vector<GroupJournal::Entry> snapshot(const GroupFilter& of = {}) const;

 private:
  /// An outcome that is not none: no request about groups can be answered, or none about this one.
  [[nodiscard]] wire::Outcome check_loaded() const;
  [[nodiscard]] wire::Outcome check_group(const std::string& name) const;
  [[nodiscard]] wire::Outcome check_room_for(const wire::OffsetCommitRequest& request);
  [[nodiscard]] wire::Outcome check_rewind_of(const wire::RewindGroupRequest& request);
  [[nodiscard]] OffsetChanges with_ids(OffsetChanges offsets) const;
  void refresh_topics();

  const TopicCatalog& catalog_;
  const CoordinatorOptions options_;
  GroupTable groups_;
  ClassicCoordinator classic_;
  ConsumerCoordinator consumer_;
  bool is_loaded_ = false;
  wire::Outcome failed_;  // not none: the journal cannot be read
  bool topics_due_ = false;
};

}  // namespace hailstorm::groups

#pragma once

#include "broker/groups/consumer_messages.h"
#include "broker/groups/coordinator_options.h"
#include "broker/groups/group_table.h"
#include "broker/groups/replies.h"
#include "broker/groups/topic_catalog.h"
#include "common/base/clock.h"
#include "common/base/ids.h"

namespace hailstorm::groups {

/// Finds the group of each request of KIP-848's protocol, whether our own client or one of Kafka's
/// sends it, and makes it when its first member joins. A group may change its kind only while it
/// has no members.
///
/// Thread safety: not safe. The references must remain live while it is in use.
class ConsumerCoordinator {
 public:
  ConsumerCoordinator(GroupTable& groups, const TopicCatalog& catalog, const Clock& clock,
                      const CoordinatorOptions& options, IdGenerator ids)
      : groups_(groups),
        catalog_(catalog),
        clock_(clock),
        options_(options),
        ids_(std::move(ids)) {}

  // Each is answered exactly once, at once or later. REQUIRES: the groups are loaded.
  void handle(const wire::GroupHeartbeatRequest& request, Answer<wire::GroupHeartbeatReply> answer);
  void handle(const ConsumerHeartbeatRequest& request, Answer<ConsumerHeartbeatReply> answer);
  void handle(const ConsumerDescribeRequest& request,
              const Answer<ConsumerDescribeReply>& answer) const;
  /// Whether the member that the request names may fetch the group's offsets now.
  [[nodiscard]] wire::Outcome check(const MemberOffsetFetchRequest& request) const;

 private:
  [[nodiscard]] wire::Outcome check_room(const MemberHeartbeat& heartbeat);
  /// `reply_of(group)` once the group has accepted it.
  template <class Reply, class ReplyOf>
  void beat(const MemberHeartbeat& heartbeat, Answer<Reply> answer, ReplyOf reply_of);
  /// Null: it is new, or gone.
  [[nodiscard]] const Member* find_member(const ConsumerHeartbeatRequest& request) const;
  /// The whole of what the member says, with what it left out because it is as before.
  [[nodiscard]] MemberHeartbeat complete(const ConsumerHeartbeatRequest& request,
                                         const Member* known);

  GroupTable& groups_;
  const TopicCatalog& catalog_;
  const Clock& clock_;
  const CoordinatorOptions& options_;
  IdGenerator ids_;
};

}  // namespace hailstorm::groups

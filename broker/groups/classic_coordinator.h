#pragma once

#include <memory>
#include <string>
#include <vector>

#include "broker/groups/classic_messages.h"
#include "broker/groups/group_table.h"
#include "broker/groups/replies.h"
#include "broker/groups/topic_catalog.h"
#include "common/base/clock.h"
#include "common/base/ids.h"

namespace hailstorm::groups {

/// Finds the group of each request of Kafka's classic protocol, and makes it when its first member
/// joins. A group may change its kind only while it has no members.
///
/// Thread safety: not safe. The references must remain live while it is in use.
class ClassicCoordinator {
 public:
  ClassicCoordinator(GroupTable& groups, const TopicCatalog& catalog, const Clock& clock,
                     IdGenerator ids)
      : groups_(groups), catalog_(catalog), clock_(clock), ids_(std::move(ids)) {}

  // Each is answered exactly once, at once or later. REQUIRES: the groups are loaded.
  void handle(const ClassicJoinRequest& request, Answer<ClassicJoinReply> answer);
  void handle(const ClassicSyncRequest& request, Answer<ClassicSyncReply> answer);
  void handle(const ClassicHeartbeatRequest& request, const Answer<ClassicHeartbeatReply>& answer);
  void handle(const ClassicLeaveRequest& request, const Answer<ClassicLeaveReply>& answer);
  /// Also of members of the other kind, and of groups without members.
  void handle(const ClassicCommitRequest& request, Answer<ClassicCommitReply> answer);
  void handle(const ClassicDescribeRequest& request, const Answer<ClassicDescribeReply>& answer);
  [[nodiscard]] GroupOverviewReply overview() const;

 private:
  [[nodiscard]] std::string new_member_id(const ClassicJoinRequest& request);
  [[nodiscard]] wire::Outcome check_committer(JournaledGroup* group,
                                              const ClassicCommitRequest& request) const;
  [[nodiscard]] wire::Outcome check_offset(const wire::CommittedOffset& offset) const;
  /// After each change of the group.
  void settle(JournaledGroup& group);

  GroupTable& groups_;
  const TopicCatalog& catalog_;
  const Clock& clock_;
  IdGenerator ids_;
};

}  // namespace hailstorm::groups

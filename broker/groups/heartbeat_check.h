#pragma once

#include <cstdint>
#include <string>

#include "broker/groups/group_topics.h"
#include "broker/groups/members.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// Says whether a group accepts a heartbeat: checks its fields, its member and that member's epoch.
///
/// Thread safety: not safe. The references must remain live while it is in use.
class HeartbeatCheck {
 public:
  HeartbeatCheck(const std::string& group, const Members& members, const GroupTopics& topics,
                 int32_t max_members)
      : group_(group), members_(members), topics_(topics), max_members_(max_members) {}

  /// An outcome that is not none says why it is refused.
  [[nodiscard]] wire::Outcome check(const MemberHeartbeat& request) const;

 private:
  using Request = MemberHeartbeat;

  [[nodiscard]] wire::Outcome check_join(const Request& request) const;
  [[nodiscard]] wire::Outcome check_member(const Request& request) const;
  [[nodiscard]] wire::Outcome no_such_member(const Request& request) const;

  const std::string& group_;
  const Members& members_;
  const GroupTopics& topics_;
  const int32_t max_members_;
};

}  // namespace hailstorm::groups

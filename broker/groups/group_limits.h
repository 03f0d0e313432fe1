#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "broker/groups/coordinator_options.h"
#include "broker/groups/group_entry.h"
#include "broker/groups/topic_catalog.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// Counts what all groups together hold, and says whether there is room for more of it. What is
/// there already is never refused.
///
/// Thread safety: not safe. Options and catalog must remain live while this is in use.
class GroupLimits {
 public:
  GroupLimits(const CoordinatorOptions& options, const TopicCatalog& catalog)
      : options_(options), catalog_(catalog) {}

  /// The group may hold more or less than before.
  void count(GroupEntry& entry);
  /// It goes away.
  void forget(GroupEntry& entry);

  /// `entry`: null where the group is new. An outcome that is not none says which limit is reached.
  [[nodiscard]] wire::Outcome check_member(const GroupEntry* entry,
                                           const wire::GroupHeartbeatRequest& request) const;
  [[nodiscard]] wire::Outcome check_offsets(const GroupEntry* entry,
                                            const wire::OffsetCommitRequest& request) const;
  [[nodiscard]] wire::Outcome too_many_groups() const;

 private:
  [[nodiscard]] wire::Outcome check_bytes(int64_t more) const;

  [[nodiscard]] int64_t bytes_of(const std::vector<std::string>& topics) const;

  const CoordinatorOptions& options_;
  const TopicCatalog& catalog_;
  size_t members_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace hailstorm::groups

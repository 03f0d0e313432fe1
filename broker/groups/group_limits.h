#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "broker/groups/classic_group.h"
#include "broker/groups/coordinator_options.h"
#include "broker/groups/group.h"
#include "broker/groups/topic_catalog.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// About the memory that one record of the journal takes besides its bytes.
inline constexpr int64_t kRecordBytes = 160;

/// The share of one group in what all groups may hold together.
struct GroupShare {
  size_t members = 0;
  int64_t bytes = 0;
};

/// Counts what all groups together hold, and says whether there is room for more. What they hold
/// already is never refused.
///
/// Thread safety: not safe. Options and catalog must remain live while this is in use.
class GroupLimits {
 public:
  GroupLimits(const CoordinatorOptions& options, const TopicCatalog& catalog)
      : options_(options), catalog_(catalog) {}

  /// Counts what the group holds now, with records of `state_bytes`, in place of `counted`.
  void count(GroupShare& counted, const Group& group, const ClassicGroup& classic,
             int64_t state_bytes);
  /// The group is gone: takes its share out.
  void forget(GroupShare& counted);

  /// `group`: null where it is new. An outcome that is not none says which limit is reached.
  [[nodiscard]] wire::Outcome check_member(const Group* group,
                                           const MemberHeartbeat& request) const;
  /// `classic`: as `group` above.
  [[nodiscard]] wire::Outcome check_join(const ClassicGroup* classic,
                                         const ClassicJoinRequest& request) const;
  [[nodiscard]] wire::Outcome check_assignments(const ClassicSyncRequest& request) const;
  /// Null: none is committed.
  using FindOffset = std::function<const wire::CommittedOffset*(const wire::TopicPartition&)>;
  [[nodiscard]] wire::Outcome check_offsets(const FindOffset& offset_of,
                                            const wire::OffsetCommitRequest& request) const;
  [[nodiscard]] wire::Outcome too_many_groups() const;

 private:
  [[nodiscard]] wire::Outcome too_many_members() const;
  [[nodiscard]] wire::Outcome check_bytes(int64_t more) const;
  [[nodiscard]] int64_t bytes_of(const std::vector<std::string>& topics) const;

  const CoordinatorOptions& options_;
  const TopicCatalog& catalog_;
  size_t members_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace hailstorm::groups

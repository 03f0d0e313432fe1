#pragma once

#include "broker/groups/group.h"
#include "broker/groups/topic_catalog.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// How many partitions a request about committed offsets may have.
inline constexpr size_t kMaxCommittedPartitions = 10'000;
/// Kafka's offset.metadata.max.bytes.
inline constexpr size_t kMaxMetadataBytes = 4096;

/// Whether these offsets may be committed: of topics that were not deleted meanwhile, by a member
/// that owns the partitions and has owned them since the epoch that it names (or by an
/// administrator, while there is no member), and within the log. An outcome that is not none says
/// why not.
[[nodiscard]] wire::Outcome check_commit(const Group& group, const TopicCatalog& catalog,
                                         const wire::OffsetCommitRequest& request);

/// The first half of that: whether this member, or an administrator, may commit these now.
[[nodiscard]] wire::Outcome check_member(const Group& group,
                                         const wire::OffsetCommitRequest& request);

/// Whether a group may be moved to these offsets: of topics that were not deleted meanwhile, and
/// within the log. An outcome that is not none says why not.
[[nodiscard]] wire::Outcome check_rewind(const TopicCatalog& catalog,
                                         const wire::RewindGroupRequest& request);

}  // namespace hailstorm::groups

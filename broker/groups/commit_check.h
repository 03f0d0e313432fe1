#pragma once

#include <cstdint>
#include <string>

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

/// The same for one of Kafka's clients, of a group with members. As there the present epoch of a
/// member is enough, whether it owns the partitions or not, as long as the group has no later one.
/// Errors unknown_member_id, stale_member_epoch.
[[nodiscard]] wire::Outcome check_member_as_kafka(const Group& group,
                                                  const wire::OffsetCommitRequest& request);
/// Whether that is a member and its epoch the present one. Errors as above.
[[nodiscard]] wire::Outcome check_present(const Group& group, const std::string& member_id,
                                          int32_t epoch);

/// Whether a group may be moved to these offsets: of topics that were not deleted meanwhile, and
/// within the log. An outcome that is not none says why not.
[[nodiscard]] wire::Outcome check_rewind(const TopicCatalog& catalog,
                                         const wire::RewindGroupRequest& request);

}  // namespace hailstorm::groups

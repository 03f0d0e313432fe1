#pragma once

#include "broker/groups/group_entry.h"
#include "broker/groups/topic_catalog.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// The group as an operator sees it: members, and every partition that is subscribed, owned or
/// committed, with its lag.
[[nodiscard]] wire::DescribeGroupReply describe_group(const GroupEntry& entry,
                                                      const TopicCatalog& catalog);

}  // namespace hailstorm::groups

#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "common/wire/messages.h"

namespace hailstorm::groups {

using Partitions = std::set<wire::TopicPartition>;

/// Partitions, and the epoch since which a member has had each without a break.
using Holdings = std::map<wire::TopicPartition, int32_t>;

}  // namespace hailstorm::groups

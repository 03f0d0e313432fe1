#pragma once

#include <map>
#include <string>

#include "broker/groups/group_topics.h"
#include "broker/groups/holdings.h"
#include "broker/groups/members.h"

namespace hailstorm::groups {

/// What each member is to hold in the end, by its id: the assignor's result for the subscribed
/// topics, with as little change of the members' present targets as possible.
[[nodiscard]] std::map<std::string, Partitions> make_targets(const Members& members,
                                                             const GroupTopics& topics);

}  // namespace hailstorm::groups

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "broker/groups/group_topics.h"
#include "broker/groups/holdings.h"
#include "broker/groups/members.h"

namespace hailstorm::groups {

/// The assignors, by the names that Kafka's clients choose them by; the first is also the one of
/// members that choose none.
inline constexpr std::string_view kUniform = "uniform";
inline constexpr std::string_view kRange = "range";
[[nodiscard]] inline bool is_assignor(std::string_view name) {
  return name == kUniform || name == kRange;
}
/// That most of those members want who choose one.
[[nodiscard]] std::string_view assignor_of(const Members& members);

/// What each member is to hold in the end, by its id: the assignor's result for the subscribed
/// topics, with as little change of the members' present targets as possible.
[[nodiscard]] std::map<std::string, Partitions> make_targets(const Members& members,
                                                             const GroupTopics& topics);

}  // namespace hailstorm::groups

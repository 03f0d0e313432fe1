#pragma once

#include <map>
#include <string>

#include "broker/groups/assignor.h"

namespace hailstorm::groups {

/// The partitions of each member, by member id, as Kafka's assignor "range" gives them: of each
/// topic its subscribers get partitions in a row, static members first, so that members with the
/// same subscription get the same partitions of each topic. The same input always gives the same
/// result.
[[nodiscard]] std::map<std::string, Partitions> assign_ranges(const AssignorInput& input);

}  // namespace hailstorm::groups

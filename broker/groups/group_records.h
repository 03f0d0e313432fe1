#pragma once

#include <map>
#include <set>
#include <string>

#include "broker/groups/group.h"

namespace hailstorm::groups {

/// Encoded keys and values of `__consumer_offsets`.
using Records = std::map<std::string, std::string>;

/// Keys of the records about the group itself and about `members`, live or gone.
[[nodiscard]] std::set<std::string> record_keys(const std::string& group,
                                                const std::set<std::string>& members);
/// What these keys should hold; a key that is absent should not be in the journal.
[[nodiscard]] Records records_of(const Group& group, const std::set<std::string>& members);

}  // namespace hailstorm::groups

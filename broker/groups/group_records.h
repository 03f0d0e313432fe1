#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "broker/groups/group.h"
#include "common/base/result.h"

namespace hailstorm::groups {

/// Encoded keys and values of `__consumer_offsets`.
using Records = std::map<std::string, std::string>;

/// Keys of the records about the group itself and about `members`, live or gone.
[[nodiscard]] std::set<std::string> record_keys(const std::string& group,
                                                const std::set<std::string>& members);
/// What these keys should hold; a key that is absent should not be in the journal.
[[nodiscard]] Records records_of(const Group& group, const std::set<std::string>& members);

/// Puts what `records` say into `group`, which is new; sessions begin at now_ms. `catalog` gives
/// the ids of topics where an older program wrote none. Records of other kinds are passed over, and
/// so are members of which only a part is there. Errors: SchemaErrc.
[[nodiscard]] Status restore(Group& group, const Records& records, const TopicCatalog& catalog,
                             int64_t now_ms);

}  // namespace hailstorm::groups

#pragma once

#include <cstdint>
#include <string_view>

#include "broker/groups/group.h"
#include "broker/groups/group_records.h"
#include "broker/groups/offsets_schema.h"
#include "broker/groups/topic_catalog.h"
#include "common/base/result.h"

namespace hailstorm::groups {

/// Whether the value of a record of this kind can be decoded. Errors: SchemaErrc.
[[nodiscard]] Status check_value(RecordKind kind, std::string_view value);

/// Puts what `records` say into `group`, which is new; sessions begin at now_ms. `catalog` gives
/// the ids of topics where an older program wrote none. Skips records of other kinds, and members
/// of which a record is missing. Errors: SchemaErrc.
[[nodiscard]] Status restore(Group& group, const Records& records, const TopicCatalog& catalog,
                             int64_t now_ms);

}  // namespace hailstorm::groups

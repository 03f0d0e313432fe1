#pragma once

#include <string_view>

#include "common/base/enum_name.h"

namespace hailstorm::groups {

/// Why a record of `__consumer_offsets` cannot be decoded.
enum class SchemaErrc { unreadable_key, unreadable_value };
[[nodiscard]] inline std::string_view name_of(SchemaErrc code) { return enum_name(code); }

}  // namespace hailstorm::groups

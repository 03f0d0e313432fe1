#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/json/json.h"

namespace hailstorm::json {

/// For programs: adds `name` as text or null. Bytes that are no UTF-8 are added whole as
/// `name`_hex, and as text with a mark in the place of each wrong byte.
void add_bytes(Value& object, const std::string& name,
               const std::optional<std::string_view>& bytes);

}  // namespace hailstorm::json

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "broker/groups/schema_error.h"
#include "common/base/result.h"
#include "common/kafka/primitives.h"

namespace hailstorm::groups {

/// Reads a value whose bytes begin with the version of its layout. `read(from, version, value)`
/// reads what comes after it; false: it knows no such version. Error unreadable_value.
template <class Value, class Read>
[[nodiscard]] Result<Value> decode_versioned(std::string_view bytes, Read&& read) {
  kafka::Reader from(bytes);
  const auto version = from.integer<int16_t>();
  Value value;
  if (read(from, version, value) && from.finished()) return value;
  return Error(SchemaErrc::unreadable_value, "a value of " + std::to_string(bytes.size()) +
                                                 " bytes with version " + std::to_string(version) +
                                                 " cannot be read");
}

}  // namespace hailstorm::groups

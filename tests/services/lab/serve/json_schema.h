#pragma once

#include <string>
#include <vector>

#include "common/json/json.h"

namespace hailstorm::testing {

/// What of `instance` is not as `schema` says, each with its place ("/faults/0/phase"). Knows the
/// keywords of JSON Schema that the lab's OpenAPI document uses; any other is a complaint, too.
/// `root` is where "#/…" leads. Pure function: safe from any thread.
[[nodiscard]] std::vector<std::string> check_schema(const json::Value& instance,
                                                    const json::Value& schema,
                                                    const json::Value& root);

/// What "#/components/schemas/X" names; null where it leads nowhere.
[[nodiscard]] const json::Value* resolve(const json::Value& root, const std::string& reference);

}  // namespace hailstorm::testing

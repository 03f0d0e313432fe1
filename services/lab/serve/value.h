#pragma once

#include <string_view>

#include "common/base/result.h"
#include "common/json/json.h"

namespace hailstorm::lab {

/// The number at a dotted path, "lanes.log.accepted_ratio", into a document; true is 1 and false 0;
/// of an array its size. Errors: not_found, which names the part that leads nowhere and what would
/// be there; bad_request: no number is there. Pure function: safe from any thread.
[[nodiscard]] Result<json::Value> number_at(const json::Value& document, std::string_view path);

}  // namespace hailstorm::lab

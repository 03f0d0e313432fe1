#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace hailstorm::traffic {

enum class ClaimErrc { unusable };
[[nodiscard]] std::string_view name_of(ClaimErrc code);

/// Takes the next `count` rides for the caller alone, and gives the index of the first. `file`
/// keeps how many were taken so far, and is made if missing; several processes may claim at a time.
[[nodiscard]] Result<int64_t> claim_rides(const std::string& file, int64_t count);

}  // namespace hailstorm::traffic

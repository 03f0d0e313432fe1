#pragma once

#include <cstddef>
#include <string_view>

/// Which texts may be a rider's id. Pure function: safe from any thread.
namespace hailstorm::gateway {

inline constexpr size_t kMaxRiderIdChars = 100;

/// 1 to kMaxRiderIdChars characters (code points), one of them visible, and none of them a control
/// character, invisible, or one that turns the direction of what is written after it.
/// REQUIRES: `text` is valid UTF-8.
[[nodiscard]] bool is_rider_id(std::string_view text);

}  // namespace hailstorm::gateway

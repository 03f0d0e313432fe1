#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Small checks of UTF-8 text. Pure functions: safe from any thread.
namespace hailstorm::gateway {

/// 1 to `max_chars` characters (code points), one of them visible, and none of them a control
/// character, invisible, or one that turns the direction of what is written after it.
/// REQUIRES: `text` is valid UTF-8.
[[nodiscard]] bool is_printable(std::string_view text, size_t max_chars);

/// At most `max_bytes` of `text`, cut between two characters, "…" where something was cut.
/// REQUIRES: `text` is valid UTF-8.
[[nodiscard]] std::string shortened(std::string_view text, size_t max_bytes);

}  // namespace hailstorm::gateway

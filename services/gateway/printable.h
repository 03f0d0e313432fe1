#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Small checks of UTF-8 text. Pure functions: safe from any thread.
namespace hailstorm::gateway {

/// 1 to `max_chars` characters (code points), none of them a control character.
/// REQUIRES: `text` is valid UTF-8.
[[nodiscard]] bool is_printable(std::string_view text, size_t max_chars);

/// At most `max_bytes` of `text`, cut between two characters, "…" where something was cut.
/// REQUIRES: `text` is valid UTF-8.
[[nodiscard]] std::string shortened(std::string_view text, size_t max_bytes);

}  // namespace hailstorm::gateway

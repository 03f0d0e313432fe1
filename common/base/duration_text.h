#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Spans of time as a user writes them. Pure functions: safe from any thread.
namespace hailstorm {

/// "15s", "500ms", "2m" or "1h" in milliseconds, 1 ms to 24 h; nothing for all else.
[[nodiscard]] std::optional<int64_t> parse_duration(std::string_view text);
/// The shortest such text.
[[nodiscard]] std::string duration_text(int64_t duration_ms);

}  // namespace hailstorm

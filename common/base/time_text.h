#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Times as RFC 3339 writes them. Pure functions: safe from any thread.
namespace hailstorm {

/// "2014-04-01T00:11:00.000Z"; "N ms" where the year is beyond the calendar's 32767.
[[nodiscard]] std::string time_text(int64_t time_ms);

/// Milliseconds since 1970 of "2014-04-01T00:11:00Z", also with a fraction of a second or another
/// zone ("+02:00"). Nothing where the text is no such time or there is no such date.
[[nodiscard]] std::optional<int64_t> parse_time(std::string_view text);

}  // namespace hailstorm

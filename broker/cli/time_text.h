#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hailstorm::cli {

/// "2014-04-01T00:11:00Z", also with a fraction of a second, as milliseconds since 1970. Nothing
/// where it is no such text or no such date.
[[nodiscard]] std::optional<int64_t> parse_time(std::string_view text);

/// "2014-04-01T00:11:00.000Z"; "N ms" where that is beyond the year 32767.
[[nodiscard]] std::string time_text(int64_t timestamp_ms);

}  // namespace hailstorm::cli

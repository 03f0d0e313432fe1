#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hailstorm::city {

/// A time in milliseconds since 1970, in the years 1970 to 2100; nothing: it is no such time.
/// Dates are 2014/4/1, 2014-04-01 or 4/1/2014 (the month first); after a blank or T the time of day
/// is 0:11, 0:11:00, 00:11:00.5 or 12:11:00 AM; after that Z, UTC or an offset such as -04:00 or
/// +0000 UTC may stand. Without one the time is UTC.
[[nodiscard]] std::optional<int64_t> parse_pickup_time(std::string_view text);

/// The first time after all that parse_pickup_time() knows, and after all that the gateway takes
/// rides for: 2101-01-01T00:00:00Z.
inline constexpr int64_t kEndOfTimeMs = 4'133'980'800'000;

}  // namespace hailstorm::city

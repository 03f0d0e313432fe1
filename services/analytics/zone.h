#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/events/events.h"

namespace hailstorm::analytics {

/// The name of the cell of about 1 km around a point: its south-west corner in hundredths of a
/// degree of latitude and of 0.012 degrees of longitude, "4071:-6167".
[[nodiscard]] std::string zone_of(const events::GeoPoint& point);
/// How large each cell is, in degrees.
inline constexpr events::GeoPoint kZoneSize{.lat = 0.01, .lon = 0.012};
/// The south-west corner of the cell of that name; nothing: it is none.
[[nodiscard]] std::optional<events::GeoPoint> corner_of(std::string_view zone);

/// How much more is asked for than can be had: requests per matched ride, 1.0 to 3.0.
[[nodiscard]] double surge_of(int64_t requested, int64_t matched);

}  // namespace hailstorm::analytics

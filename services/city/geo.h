#pragma once

#include <cstdint>

#include "common/events/events.h"

namespace hailstorm::city {

/// The great-circle distance (haversine, mean earth radius 6,371,000 m).
[[nodiscard]] double distance_m(const events::GeoPoint& from, const events::GeoPoint& to);

/// How long a car takes for a distance as the crow flies: streets make it 1.3 times longer, and it
/// drives 25 km/h.
[[nodiscard]] double driving_time_s(double distance_m);
[[nodiscard]] int64_t driving_time_ms(double distance_m);

}  // namespace hailstorm::city

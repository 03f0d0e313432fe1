#pragma once

#include <string>

#include "common/events/events.h"

namespace hailstorm::analytics {

/// The name of the cell of about 1 km around a point: its south-west corner in hundredths of a
/// degree of latitude and of 0.012 degrees of longitude, "4071:-6167".
[[nodiscard]] std::string zone_of(const events::GeoPoint& point);

}  // namespace hailstorm::analytics

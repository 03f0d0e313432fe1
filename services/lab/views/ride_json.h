#pragma once

#include <cstdint>
#include <vector>

#include "common/json/json.h"
#include "services/lab/views/ride_watch.h"
#include "services/lab/views/zone_window.h"

/// Rides and zones as a frame has them: arrays, because there are many. Safe from any thread.
namespace hailstorm::lab {

/// [id, lane, state, lon, lat, age in ms, services that it waits for], and lon and lat of its
/// driver where one was sent; null: not known. A failed ride has the service where it
/// failed instead.
[[nodiscard]] json::Value to_json(const RideChange& ride, int64_t now_ms);
/// {"width": degrees, "height": degrees, "list": [[west, south, requested, matched, surge]…]}.
[[nodiscard]] json::Value to_json(const std::vector<ZoneFigures>& zones);

}  // namespace hailstorm::lab

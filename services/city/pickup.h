#pragma once

#include <cstdint>

#include "common/events/events.h"

namespace hailstorm::city {

/// Where and when somebody was picked up.
struct Pickup {
  int64_t time_ms = 0;
  events::GeoPoint place;
};

}  // namespace hailstorm::city

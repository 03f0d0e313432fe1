#pragma once

#include <cstdint>
#include <string>

#include "common/events/events.h"

namespace hailstorm::city {

/// One ride that somebody wants.
struct Trip {
  std::string rider_id;
  events::GeoPoint pickup;
  events::GeoPoint dropoff;
  int64_t requested_at_ms = 0;  // event time
};

}  // namespace hailstorm::city

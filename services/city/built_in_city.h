#pragma once

#include <cstdint>
#include <vector>

#include "services/city/trip.h"

namespace hailstorm::city {

/// The `index`-th trip of the built-in city: pickups and drop-offs around a few hot spots of New
/// York, one every 800 ms of event time from 2014-04-01 07:00 UTC on. The same seed and index give
/// the same trip.
[[nodiscard]] Trip built_in_trip(uint64_t seed, int64_t index);

/// Where `count` of its riders stand.
[[nodiscard]] std::vector<events::GeoPoint> built_in_pickups(uint64_t seed, int64_t count);

/// The rider of a trip: one of 5,000.
[[nodiscard]] std::string rider_of(uint64_t seed, int64_t index);

}  // namespace hailstorm::city

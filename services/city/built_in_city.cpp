#include "services/city/built_in_city.h"

#include <array>
#include <fmt/format.h>

#include "services/city/draw.h"

namespace hailstorm::city {
namespace {

constexpr int64_t kBeginMs = 1'396'335'600'000;  // 2014-04-01T07:00:00Z
constexpr int64_t kBetweenTripsMs = 800;
constexpr uint64_t kRiders = 5'000;
// Keeps the streams of random numbers apart.
constexpr uint64_t kRiderStream = 0x7269646572;

struct HotSpot {
  events::GeoPoint centre;
  double spread_degrees;
};
constexpr std::array<HotSpot, 6> kHotSpots = {{
    {{40.7549, -73.9840}, 0.010},  // Midtown
    {{40.7233, -74.0030}, 0.008},  // SoHo
    {{40.7074, -74.0113}, 0.006},  // Financial District
    {{40.7794, -73.9632}, 0.010},  // Upper East Side
    {{40.7143, -73.9610}, 0.010},  // Williamsburg
    {{40.6900, -73.9800}, 0.012},  // Downtown Brooklyn
}};

events::GeoPoint draw_point(Draw& draw) {
  const HotSpot& spot = kHotSpots[draw.below(kHotSpots.size())];
  return {spot.centre.lat + spot.spread_degrees * draw.bell(),
          spot.centre.lon + spot.spread_degrees * draw.bell()};
}

}  // namespace

Trip built_in_trip(uint64_t seed, int64_t index) {
  Draw draw(seed, index);
  Trip trip;
  trip.rider_id = rider_of(seed, index);
  trip.pickup = draw_point(draw);
  trip.dropoff = draw_point(draw);
  trip.requested_at_ms = kBeginMs + index * kBetweenTripsMs;
  return trip;
}

std::vector<events::GeoPoint> built_in_pickups(uint64_t seed, int64_t count) {
  std::vector<events::GeoPoint> pickups;
  for (int64_t i = 0; i < count; ++i) pickups.push_back(built_in_trip(seed, i).pickup);
  return pickups;
}

std::string rider_of(uint64_t seed, int64_t index) {
  return fmt::format("rider-{:04}", Draw(seed ^ kRiderStream, index).below(kRiders));
}

}  // namespace hailstorm::city

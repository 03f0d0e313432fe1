#include "services/lab/views/ride_json.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "services/analytics/zone.h"

namespace hailstorm::lab {
namespace {

/// Five decimals are about a metre.
double place_part(double degrees) { return std::round(degrees * 1e5) / 1e5; }

void add_place(json::Value& array, const std::optional<events::GeoPoint>& place) {
  array.push_back(place ? json::Value(place_part(place->lon)) : json::Value());
  array.push_back(place ? json::Value(place_part(place->lat)) : json::Value());
}

}  // namespace

json::Value to_json(const RideChange& one, int64_t now_ms) {
  json::Value ride = json::Value::array();
  ride.push_back(one.ride_id);
  ride.push_back(name_of(one.lane));
  ride.push_back(one.state);
  add_place(ride, one.pickup);
  const bool is_known = one.asked_at_ms != 0;
  ride.push_back(is_known ? json::Value(std::max<int64_t>(now_ms - one.asked_at_ms, 0))
                          : json::Value());
  json::Value hops = json::Value::array();
  for (size_t hop = 0; hop < kHops; ++hop) {
    if (one.waits_for[hop]) hops.push_back(name_of(static_cast<Hop>(hop)));
  }
  if (one.state == "failed" || one.state == "orphaned") hops.push_back(one.failed_hop);
  ride.push_back(std::move(hops));
  if (one.driver) add_place(ride, one.driver);
  return ride;
}

json::Value to_json(const std::vector<ZoneFigures>& zones) {
  json::Value list = json::Value::array();
  for (const ZoneFigures& one : zones) {
    json::Value zone = json::Value::array();
    add_place(zone, one.corner);
    zone.push_back(one.requested);
    zone.push_back(one.matched);
    zone.push_back(one.surge);
    list.push_back(std::move(zone));
  }
  return {{"width", analytics::kZoneSize.lon},
          {"height", analytics::kZoneSize.lat},
          {"list", std::move(list)}};
}

}  // namespace hailstorm::lab

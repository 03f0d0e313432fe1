#include "services/analytics/zone.h"

#include <cmath>
#include <fmt/format.h>

namespace hailstorm::analytics {
namespace {

// 0.01 degrees of latitude are 1.1 km; at the latitude of New York 0.012 of longitude are 1.0 km.
constexpr double kCellsPerDegreeLat = 100;
constexpr double kDegreesLonPerCell = 0.012;

}  // namespace

std::string zone_of(const events::GeoPoint& point) {
  return fmt::format("{}:{}", static_cast<int>(std::floor(point.lat * kCellsPerDegreeLat)),
                     static_cast<int>(std::floor(point.lon / kDegreesLonPerCell)));
}

}  // namespace hailstorm::analytics

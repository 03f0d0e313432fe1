#include "services/city/geo.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hailstorm::city {
namespace {

constexpr double kEarthRadiusM = 6'371'000;
constexpr double kDetour = 1.3;
constexpr double kSpeedMPerS = 25'000.0 / 3600;

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

}  // namespace

double distance_m(const events::GeoPoint& from, const events::GeoPoint& to) {
  const double half_lat = std::sin(radians(to.lat - from.lat) / 2);
  const double half_lon = std::sin(radians(to.lon - from.lon) / 2);
  const double square = half_lat * half_lat + std::cos(radians(from.lat)) *
                                                  std::cos(radians(to.lat)) * half_lon * half_lon;
  return 2 * kEarthRadiusM * std::asin(std::sqrt(std::clamp(square, 0.0, 1.0)));
}

double driving_time_s(double distance_m) { return kDetour * distance_m / kSpeedMPerS; }

int64_t driving_time_ms(double distance_m) {
  return static_cast<int64_t>(std::llround(driving_time_s(distance_m) * 1000));
}

}  // namespace hailstorm::city

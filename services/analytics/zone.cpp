#include "services/analytics/zone.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace hailstorm::analytics {
namespace {

// 0.01 degrees of latitude are 1.1 km; at the latitude of New York 0.012 of longitude are 1.0 km.
constexpr double kCellsPerDegreeLat = 100;
constexpr double kMaxSurge = 3.0;

/// The whole text is the number.
std::optional<int> index_in(std::string_view text) {
  int index = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return index;
}

}  // namespace

std::string zone_of(const events::GeoPoint& point) {
  return fmt::format("{}:{}", static_cast<int>(std::floor(point.lat * kCellsPerDegreeLat)),
                     static_cast<int>(std::floor(point.lon / kZoneSize.lon)));
}

std::optional<events::GeoPoint> corner_of(std::string_view zone) {
  const size_t colon = zone.find(':');
  if (colon == zone.npos) return std::nullopt;
  const auto lat = index_in(zone.substr(0, colon));
  const auto lon = index_in(zone.substr(colon + 1));
  if (!lat || !lon) return std::nullopt;
  return events::GeoPoint{.lat = *lat * kZoneSize.lat, .lon = *lon * kZoneSize.lon};
}

double surge_of(int64_t requested, int64_t matched) {
  const double per_match =
      static_cast<double>(requested) / static_cast<double>(std::max<int64_t>(matched, 1));
  return std::round(10 * std::clamp(per_match, 1.0, kMaxSurge)) / 10;
}

}  // namespace hailstorm::analytics

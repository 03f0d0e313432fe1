#include "services/city/outliers.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>

#include "services/city/geo.h"

namespace hailstorm::city {
namespace {

constexpr int64_t kDayMs = 86'400'000;

/// Of an even number the lower one: always one of the values, never a mean. A mean of longitudes
/// on both sides of the date line would lie on the other side of the world.
template <class Value>
auto median_of(const std::vector<Pickup>& pickups, Value value) {
  std::vector<decltype(value(pickups.front()))> values;
  values.reserve(pickups.size());
  for (const Pickup& pickup : pickups) values.push_back(value(pickup));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::string day_of(int64_t time_ms) {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(static_cast<std::time_t>(time_ms / 1'000)));
}

struct Skip {
  SkipReason reason;
  std::string why;
};

std::optional<Skip> why_outside(const Pickup& pickup, const Pickup& median) {
  const double km = distance_m(pickup.place, median.place) / 1'000;
  if (km > kMostKmFromMedian) {
    return Skip{SkipReason::too_far,
                fmt::format("lies {:.0f} km from the file's median point {:.4f}/{:.4f}, more than "
                            "{} km",
                            km, median.place.lat, median.place.lon, kMostKmFromMedian)};
  }
  if (std::abs(pickup.time_ms - median.time_ms) > kMostDaysFromMedian * kDayMs) {
    return Skip{SkipReason::other_time,
                fmt::format("is of {}, more than {} days from the file's median time {}",
                            day_of(pickup.time_ms), kMostDaysFromMedian, day_of(median.time_ms))};
  }
  return std::nullopt;
}

}  // namespace

void remove_outliers(std::vector<Pickup>& pickups, const std::vector<int64_t>& lines,
                     SkippedRows& skipped) {
  if (pickups.empty()) return;
  const Pickup median = {median_of(pickups, [](const Pickup& one) { return one.time_ms; }),
                         {median_of(pickups, [](const Pickup& one) { return one.place.lat; }),
                          median_of(pickups, [](const Pickup& one) { return one.place.lon; })}};
  size_t kept = 0;
  for (size_t i = 0; i < pickups.size(); ++i) {
    if (auto skip = why_outside(pickups[i], median)) {
      skipped.add(skip->reason, lines[i], std::move(skip->why));
    } else {
      pickups[kept++] = pickups[i];
    }
  }
  pickups.resize(kept);
}

}  // namespace hailstorm::city

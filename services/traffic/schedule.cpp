#include "services/traffic/schedule.h"

#include <algorithm>

#include "common/base/check.h"

namespace hailstorm::traffic {

Schedule Schedule::at_rate(double per_second) {
  HAIL_CHECK(per_second > 0);
  return {1e6 / per_second, 0, 0};
}

Schedule Schedule::at_speedup(double speedup, int64_t first_ms) {
  HAIL_CHECK(speedup > 0);
  return {0, 1e3 / speedup, first_ms};
}

int64_t Schedule::due_us(int64_t count, int64_t requested_at_ms) const {
  const double by_count = us_per_ride_ * static_cast<double>(count);
  const double by_clock = us_per_trip_ms_ * static_cast<double>(requested_at_ms - first_ms_);
  // A trip that lies before the first is due at once.
  return std::max(int64_t{0}, static_cast<int64_t>(by_count + by_clock));
}

}  // namespace hailstorm::traffic

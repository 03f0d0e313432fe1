#pragma once

#include <cstdint>

namespace hailstorm::traffic {

/// When each ride is due, counted from the start: so many per second, or by the trips' own clock,
/// run faster. Independent of all answers, so that a slow one never delays the next rides (an open
/// loop).
///
/// Thread safety: a value.
class Schedule {
 public:
  /// REQUIRES: per_second > 0.
  [[nodiscard]] static Schedule at_rate(double per_second);
  /// `speedup` seconds of the trips' clock pass in one second; the first trip, requested at
  /// `first_ms`, is due at once. REQUIRES: speedup > 0.
  [[nodiscard]] static Schedule at_speedup(double speedup, int64_t first_ms);

  /// Microseconds after the start at which the `count`-th ride (from 0), requested at
  /// `requested_at_ms`, is due.
  [[nodiscard]] int64_t due_us(int64_t count, int64_t requested_at_ms) const;

 private:
  Schedule(double us_per_ride, double us_per_trip_ms, int64_t first_ms)
      : us_per_ride_(us_per_ride), us_per_trip_ms_(us_per_trip_ms), first_ms_(first_ms) {}
  double us_per_ride_;
  double us_per_trip_ms_;
  int64_t first_ms_;
};

}  // namespace hailstorm::traffic

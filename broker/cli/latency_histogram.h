#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hailstorm::cli {

/// Durations in a fixed amount of memory: exact below 128 µs, to 1.6 % above.
///
/// Thread safety: not safe.
class LatencyHistogram {
 public:
  /// Adds a duration `count` times. A negative one counts as 0, one above twelve days as twelve
  /// days.
  void add(int64_t latency_us, int64_t count = 1);

  [[nodiscard]] int64_t count() const noexcept { return count_; }
  [[nodiscard]] int64_t max_us() const noexcept { return max_us_; }
  /// The least duration that `share` (0 to 1) of all did not exceed; 0 when there are none.
  [[nodiscard]] int64_t percentile_us(double share) const;

  /// One line with a bar for each power of two in which there are any.
  [[nodiscard]] std::string bars() const;

 private:
  std::vector<int64_t> counts_;
  int64_t count_ = 0;
  int64_t max_us_ = 0;
};

/// "870 us", "4.2 ms", "1.5 s"
[[nodiscard]] std::string duration_text(int64_t duration_us);

}  // namespace hailstorm::cli

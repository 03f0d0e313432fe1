#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/lab/views/ride_watch.h"

namespace hailstorm::lab {

/// The rides that changed within the last second, each with its newest change: whoever misses
/// frames of less than a second finds in the next one what became of every ride. Bounded.
///
/// Thread safety: not safe.
class RecentRides {
 public:
  static constexpr int64_t kSpanMs = 1'000;
  static constexpr size_t kMaxRides = 400;  // the newest

  struct Change {
    int64_t at_ms;  // as `now_ms` of the frame that had it first
    RideChange ride;
  };

  /// The rides that changed before `changes`, which are those of now, and are not among them: the
  /// oldest first.
  [[nodiscard]] std::vector<Change> before(const std::vector<RideChange>& changes, int64_t now_ms);

 private:
  std::vector<Change> rides_;
};

}  // namespace hailstorm::lab

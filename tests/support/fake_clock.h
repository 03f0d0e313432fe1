#pragma once

#include <atomic>

#include "common/base/clock.h"

namespace hailstorm::testing {

/// A clock that stands still until a test moves it. Thread safety: safe.
class FakeClock final : public Clock {
 public:
  /// Starts at 2026-01-01T00:00:00Z, so that a forgotten conversion shows as a strange year.
  explicit FakeClock(int64_t wall_ms = 1'767'225'600'000) : wall_ms_(wall_ms) {}

  [[nodiscard]] int64_t wall_ms() const override { return wall_ms_; }
  [[nodiscard]] int64_t steady_ms() const override { return steady_ms_; }

  void advance_ms(int64_t ms) {
    wall_ms_ += ms;
    steady_ms_ += ms;
  }
  /// The wall clock alone jumps.
  void jump_wall_ms(int64_t ms) { wall_ms_ += ms; }

 private:
  std::atomic<int64_t> wall_ms_;
  std::atomic<int64_t> steady_ms_{1'000};
};

}  // namespace hailstorm::testing

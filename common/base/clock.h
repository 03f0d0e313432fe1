#pragma once

#include <cstdint>

namespace hailstorm {

/// Where time comes from, so that a test may be its master.
///
/// Thread safety: implementations may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  /// Milliseconds since 1970-01-01 UTC. May jump, in either direction.
  [[nodiscard]] virtual int64_t wall_ms() const = 0;

  /// Milliseconds since an arbitrary start. Never goes back.
  [[nodiscard]] virtual int64_t steady_ms() const = 0;

  /// The same in microseconds, for short spans.
  [[nodiscard]] virtual int64_t steady_us() const { return steady_ms() * 1000; }
};

/// The machine's own clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] int64_t wall_ms() const override;
  [[nodiscard]] int64_t steady_ms() const override;
  [[nodiscard]] int64_t steady_us() const override;
};

/// Microseconds since an arbitrary start, for measuring spans.
[[nodiscard]] int64_t steady_us() noexcept;

}  // namespace hailstorm

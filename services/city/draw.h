#pragma once

#include <cstdint>

namespace hailstorm::city {

/// Random numbers that depend on nothing but seed and index, so that any trip can be drawn without
/// those before it (SplitMix64: Steele, Lea, Flood 2014).
///
/// Thread safety: not safe.
class Draw {
 public:
  Draw(uint64_t seed, int64_t index)
      : state_(seed * 0x9e3779b97f4a7c15 ^ static_cast<uint64_t>(index)) {
    (void)next();
  }

  [[nodiscard]] uint64_t next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// REQUIRES: bound > 0.
  [[nodiscard]] uint64_t below(uint64_t bound) { return next() % bound; }
  /// In [0, 1).
  [[nodiscard]] double fraction() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  /// Around 0, about ±1 in two cases of three (Irwin-Hall with twelve terms).
  [[nodiscard]] double bell() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += fraction();
    return sum;
  }

 private:
  uint64_t state_;
};

}  // namespace hailstorm::city

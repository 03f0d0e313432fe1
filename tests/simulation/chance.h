#pragma once

#include <cstdint>
#include <random>

#include "common/base/bytes.h"

namespace hailstorm::simulation {

/// All that a simulation leaves to chance, drawn from one seed. Thread safety: not safe.
class Chance {
 public:
  explicit Chance(uint64_t seed) : random_(seed) {}

  /// Not std::uniform_int_distribution, which differs between standard libraries.
  [[nodiscard]] int64_t between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random_() % static_cast<uint64_t>(high - low + 1));
  }
  [[nodiscard]] bool one_in(int64_t count) { return between(1, count) == 1; }
  [[nodiscard]] uint64_t number() { return random_(); }

 private:
  std::mt19937_64 random_;
};

/// A hash of everything that crossed the simulated network, and when (FNV-1a). Thread safety: not
/// safe.
class Trace {
 public:
  void note(uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) add(static_cast<uint8_t>(number >> shift));
  }
  void note(Bytes bytes) {
    note(bytes.size());
    for (const uint8_t byte : bytes) add(byte);
  }
  [[nodiscard]] uint64_t hash() const { return hash_; }

 private:
  void add(uint8_t byte) { hash_ = (hash_ ^ byte) * 0x100000001b3; }

  uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace hailstorm::simulation

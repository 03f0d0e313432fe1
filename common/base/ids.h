#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace hailstorm {

/// Random version 4 UUIDs ("f47ac10b-58cc-4372-a567-0e02b2c3d479", lower case).
///
/// Thread safety: not safe; each thread has its own.
class IdGenerator {
 public:
  /// Seeded: the same seed gives the same ids.
  explicit IdGenerator(uint64_t seed) : random_(seed) {}
  /// Seeded by the operating system's entropy.
  IdGenerator();

  [[nodiscard]] std::string uuid();
  [[nodiscard]] uint64_t number() { return random_(); }

 private:
  std::mt19937_64 random_;
};

}  // namespace hailstorm

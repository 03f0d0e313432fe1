#pragma once

#include <cstdint>
#include <random>

#include "common/base/uuid.h"

namespace hailstorm {

/// Random version 4 UUIDs, which are never zero.
///
/// Thread safety: not safe; each thread has its own.
class IdGenerator {
 public:
  /// Seeded: the same seed gives the same ids.
  explicit IdGenerator(uint64_t seed) : random_(seed) {}
  /// Seeded by the operating system's entropy.
  IdGenerator();

  [[nodiscard]] Uuid uuid();
  [[nodiscard]] uint64_t number() { return random_(); }

 private:
  std::mt19937_64 random_;
};

}  // namespace hailstorm

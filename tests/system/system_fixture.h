#pragma once

#include <gtest/gtest.h>
#include <random>
#include <string>

#include "tests/support/platform.h"

namespace hailstorm::testing {

/// The seed of this run: TEST_SEED, or a new one. Printed by every test that draws from it.
[[nodiscard]] inline uint64_t run_seed() {
  static const uint64_t seed = [] {
    const char* given = std::getenv("TEST_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  }();
  return seed;
}

/// Random numbers of one test.
[[nodiscard]] inline std::mt19937_64 seeded_random() {
  std::cout << "seed: TEST_SEED=" << run_seed() << "\n";
  return std::mt19937_64(run_seed());
}

/// Every rider was accepted, and every ride is settled: nothing lost, nothing twice, nothing
/// orphaned.
inline void expect_all_settled(const Platform& platform, int64_t rides) {
  const AuditCounts audit = platform.audit();
  EXPECT_EQ(audit.requested, rides) << audit.text;
  EXPECT_EQ(audit.accepted, rides) << audit.text;
  EXPECT_EQ(audit.settled, rides) << audit.text;
  EXPECT_EQ(audit.lost, 0) << audit.text;
  EXPECT_EQ(audit.duplicated, 0) << audit.text;
  EXPECT_EQ(audit.orphaned, 0) << audit.text;
}

}  // namespace hailstorm::testing

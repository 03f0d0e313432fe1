#include "tests/simulation/simulation.h"

#include <cstdlib>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace hailstorm::simulation {
namespace {

constexpr uint64_t kSeeds = 1'000;

/// SIMULATION_SEED=N runs that seed alone.
std::vector<uint64_t> seeds(uint64_t count) {
  if (const char* one = std::getenv("SIMULATION_SEED")) return {std::stoull(one)};
  std::vector<uint64_t> all;
  for (uint64_t seed = 1; seed <= count; ++seed) all.push_back(seed);
  return all;
}

TEST(SimulationTest, EveryAcknowledgedRecordIsReadOnceAndInOrderWhateverTheNetworkDoes) {
  Outcome all;
  for (const uint64_t seed : seeds(kSeeds)) {
    const Outcome outcome = simulate(seed);
    all.lost_connections += outcome.lost_connections;
    all.freezes += outcome.freezes;
    all.rewinds += outcome.rewinds;
    all.rebalances += outcome.rebalances;
    ASSERT_TRUE(outcome.problems.empty())
        << fmt::format("SIMULATION_SEED={}: after {} simulated ms\n{}", seed, outcome.simulated_ms,
                       fmt::join(outcome.problems, "\n"));
    if (outcome.lost_connections == 0 && outcome.freezes == 0 && outcome.rewinds == 0) {
      ASSERT_EQ(outcome.read_again, 0)
          << "SIMULATION_SEED=" << seed << ": members that commit and leave in peace";
    }
  }
  EXPECT_GT(all.lost_connections, 0) << "else this shows little";
  EXPECT_GT(all.freezes, 0);
  EXPECT_GT(all.rewinds, 0);
  EXPECT_GT(all.rebalances, 0);
}

TEST(SimulationTest, TheSameSeedGivesTheSameRunToTheByte) {
  for (const uint64_t seed : seeds(20)) {
    const Outcome first = simulate(seed);
    const Outcome second = simulate(seed);
    ASSERT_EQ(first.trace_hash, second.trace_hash) << "SIMULATION_SEED=" << seed;
    ASSERT_EQ(first.simulated_ms, second.simulated_ms) << "SIMULATION_SEED=" << seed;
  }
}

TEST(SimulationTest, AnotherSeedGivesAnotherRun) {
  EXPECT_NE(simulate(1).trace_hash, simulate(2).trace_hash);
}

}  // namespace
}  // namespace hailstorm::simulation

#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>
#include <random>

#include "tests/support/long_run.h"
#include "tests/support/matchers.h"
#include "tests/system/history/round.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kStormMs = 1'000;
constexpr int kShortRounds = 20;
constexpr int kLongRounds = 200;
constexpr size_t kShownFindings = 10;

const char* env(const char* name) { return std::getenv(name); }

uint64_t first_seed() {
  return env("TEST_SEED") != nullptr ? std::strtoull(env("TEST_SEED"), nullptr, 10)
                                     : std::random_device{}();
}

/// With a given seed: that round alone.
int round_count() {
  if (env("TEST_SEED") != nullptr) return 1;
  return is_long_run() ? kLongRounds : kShortRounds;
}

std::string keep(const Round& round, uint64_t seed) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("hailstorm-history-" + std::to_string(seed));
  std::error_code ignored;
  std::filesystem::copy(round.folder(), folder, ignored);
  return folder.string();
}

void run_round(uint64_t seed, std::map<history::Kind, int64_t>& seen) {
  Round round(seed);
  SCOPED_TRACE("TEST_SEED=" + std::to_string(seed) + ": " + round.shape());
  round.storm(kStormMs);
  const bool healed = round.heal();
  const auto events = round.events();
  EXPECT_TRUE(healed) << round.story() << "the histories are in " << keep(round, seed);
  ASSERT_OK(events);
  for (const auto& [kind, number] : history::count(*events)) seen[kind] += number;
  const auto findings = history::check(*events);
  for (size_t i = 0; i < std::min(findings.size(), kShownFindings); ++i) {
    ADD_FAILURE() << name_of(findings[i].fault) << ": " << findings[i].what;
  }
  EXPECT_EQ(findings.size(), 0U) << round.story() << "the histories are in " << keep(round, seed);
}

// The last client of a storm may be a few milliseconds old when all are asked to end.
TEST(HistoryTest, ClientsThatWereJustStartedEndCleanly) {
  Round round(first_seed());
  EXPECT_TRUE(round.heal()) << round.story();
}

// Invariants 2, 3, 4, 5, 14, 18, 19, 21, 30, 31, 32, 40, 45 at once, as the clients see them: of
// what was acknowledged, with acks=all or acks=1, SIGKILL, SIGSTOP and cut connections lose
// nothing, double nothing, reorder nothing, and no commit goes back.
TEST(HistoryTest, EveryRoundIsAsIfNothingHadHappened) {
  const uint64_t seed = first_seed();
  std::map<history::Kind, int64_t> seen;
  for (int i = 0; i < round_count() && !HasFailure(); ++i) {
    run_round(seed + static_cast<uint64_t>(i), seen);
  }
  std::cout << "seeds from " << seed << ":";
  for (const auto& [kind, number] : seen) std::cout << " " << name_of(kind) << " " << number;
  std::cout << "\n";
  for (const auto kind : {history::Kind::acked, history::Kind::read, history::Kind::committed,
                          history::Kind::saw_end, history::Kind::saw_commit}) {
    EXPECT_GT(seen[kind], 0) << name_of(kind) << ": nothing was seen, and so nothing is proved";
  }
}

}  // namespace
}  // namespace hailstorm::testing

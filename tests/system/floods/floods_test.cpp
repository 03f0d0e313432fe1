#include <gtest/gtest.h>
#include <string>

#include "tests/support/http_floods.h"
#include "tests/system/floods/flood_report.h"
#include "tests/system/floods/flood_steps.h"
#include "tests/system/floods/flooded_platform.h"

namespace hailstorm::testing {
namespace {

void expect_all_settled(const FloodedPlatform& platform, int64_t rides) {
  const lab::AuditReport audit = platform.audit();
  EXPECT_TRUE(audit.clean());
  EXPECT_EQ(audit.log.requested, rides);
  EXPECT_EQ(audit.log.accepted, rides);
  EXPECT_EQ(audit.log.settled, rides);
}

/// More connections than any process takes, or as many as this machine lets us have.
constexpr size_t kMost = 5'000;

class FloodedProcessTest : public ::testing::TestWithParam<std::string> {};

// Invariant 71.
TEST_P(FloodedProcessTest, IsSeenKilledAndStartedAgainByTheLab) {
  FloodedPlatform platform;
  platform.ride(200, 50);
  const std::string target = GetParam();
  const std::string victim = target == "agent" ? "payment" : target;
  for (const FloodKind& kind : {mixed_http_flood(512), mixed_http_flood(kMost)}) {
    Flood flood(kind);
    flood.start(platform.port_of(target));
    platform.wait_until("all are seen", [&] { return platform.sample().all_answer(); });
    platform.wait_until(victim + " is killed",
                        [&] { return platform.running().kill(victim).ok(); });
    EXPECT_EQ(platform.sample().find(victim)->process.state, lab::ProcessState::exited);
    platform.wait_until(victim + " is started",
                        [&] { return platform.running().restore(victim).ok(); });
    platform.wait_until(victim + " is ready, still flooded",
                        [&] { return platform.sample().all_ready(); });
  }
  platform.wait_for_riders();
  platform.wait_until_quiet();
  expect_all_settled(platform, 200);
}

INSTANTIATE_TEST_SUITE_P(Processes, FloodedProcessTest,
                         ::testing::Values("gateway", "payment", "broker", "agent"),
                         [](const auto& one) { return one.param; });

// The short form of ./test --floods: whether all is right in the end, not how fast it was.
TEST(FloodsTest, EveryFloodOnceAndEveryAcceptedRideSettles) {
  FloodedPlatform platform;
  const auto steps = short_steps();
  constexpr std::chrono::milliseconds kEach(800);
  constexpr int64_t kPerSecond = 50;
  const int64_t rides = kPerSecond * static_cast<int64_t>(steps.size()) * kEach.count() / 1'000;
  platform.ride(rides, kPerSecond);
  for (const FloodStep& step : steps) {
    const StepResult result = run_step(platform, step, kEach);
    std::cout << step.kind.name << ": seen " << result.looks << " times, frozen within "
              << result.slowest_freeze_ms << " ms\n";
    platform.wait_until("all are seen after " + step.kind.name,
                        [&] { return platform.sample().all_answer(); });
  }
  platform.wait_for_riders();
  platform.wait_until_quiet();
  expect_all_settled(platform, rides);
}

}  // namespace
}  // namespace hailstorm::testing

#include "services/lab/storm/storm_plan.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;

std::vector<PlannedFault> plan(const StormRequest& request) {
  const auto planned = plan_storm(request);
  EXPECT_TRUE(planned.ok()) << planned.error().message();
  return *planned;
}

TEST(StormPlanTest, TheSameSeedGivesTheSameSchedule) {
  StormRequest request;
  request.seed = 7;
  const std::string first = to_text(plan(request));
  EXPECT_EQ(to_text(plan(request)), first);
  EXPECT_THAT(first, HasSubstr("freeze"));
  request.seed = 8;
  EXPECT_NE(to_text(plan(request)), first);
}

TEST(StormPlanTest, AtMostSoManyFaultsAreOnAtATimeAndTheyEndInTime) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    StormRequest request;
    request.seed = seed;
    request.at_once = 1 + seed % 4;
    const auto faults = plan(request);
    EXPECT_GT(faults.size(), 15U);
    for (const auto& one : faults) {
      const auto on = std::count_if(faults.begin(), faults.end(), [&](const auto& other) {
        return other.at_ms <= one.at_ms && one.at_ms < other.at_ms + other.request.duration_ms;
      });
      EXPECT_LE(static_cast<size_t>(on), request.at_once) << to_text(faults);
      EXPECT_LE(one.at_ms + one.request.duration_ms, request.length_ms);
    }
  }
}

TEST(StormPlanTest, ATargetIsNeverHitTwiceAtATime) {
  StormRequest request;
  request.targets = {"broker", "payment", "payment:broker"};
  request.at_once = 4;
  const auto faults = plan(request);
  for (const auto& one : faults) {
    for (const auto& other : faults) {
      if (&one == &other || one.request.target != other.request.target) continue;
      const auto& [first, second] =
          one.at_ms <= other.at_ms ? std::tie(one, other) : std::tie(other, one);
      EXPECT_LT(first.at_ms + first.request.duration_ms, second.at_ms);
    }
  }
}

TEST(StormPlanTest, AStormOfKillsHasExactlySoManyAndHitsEveryProcess) {
  StormRequest request;
  request.kills = 1'000;
  const auto faults = plan(request);
  EXPECT_EQ(faults.size(), 1'000U);
  std::set<std::string> hit;
  for (const auto& one : faults) {
    EXPECT_EQ(one.request.action, FaultAction::kill);
    hit.insert(one.request.target);
  }
  EXPECT_TRUE(hit.contains("broker"));
  EXPECT_EQ(hit.size(), 6U);
  EXPECT_LT(faults.back().at_ms, 600'000);
}

TEST(StormPlanTest, OnlyChosenKindsAndTargetsAreDrawn) {
  StormRequest request;
  request.kinds = {FaultAction::latency, FaultAction::freeze};
  request.targets = {"payment", "payment:broker"};
  for (const auto& one : plan(request)) {
    const bool is_link = one.request.target == "payment:broker";
    EXPECT_EQ(one.request.action, is_link ? FaultAction::latency : FaultAction::freeze);
  }
  request.targets = {"payment"};
  EXPECT_THAT(plan_storm(request).error().message(), HasSubstr("latency has no target"));
}

}  // namespace
}  // namespace hailstorm::lab

#include "services/lab/views/lane_window.h"

#include <gtest/gtest.h>

namespace hailstorm::lab {
namespace {

constexpr int64_t kNow = 1'700'000'000'000;

Answer answered(int64_t at_ms, double latency_ms, int status = 202) {
  Answer answer;
  answer.status = status;
  answer.latency_ms = latency_ms;
  answer.sent_at_ms = at_ms - static_cast<int64_t>(latency_ms);
  return answer;
}

TEST(LaneWindowTest, WithoutRidesAllOfNoneAreAccepted) {
  LaneWindow lane;
  const LaneFigures figures = lane.figures(kNow);
  EXPECT_EQ(figures.requested, 0);
  EXPECT_EQ(figures.accepted_ratio, 1.0);
  EXPECT_EQ(figures.rate, 0.0);
  EXPECT_EQ(figures.p99_ms, 0.0);
}

TEST(LaneWindowTest, GivesTheShareTheRateAndTheLatenciesOfTheLastFiveSeconds) {
  LaneWindow lane;
  for (int i = 1; i <= 100; ++i) lane.add(answered(kNow - 10 * i, i, i <= 25 ? 503 : 202), kNow);
  const LaneFigures figures = lane.figures(kNow);
  EXPECT_EQ(figures.requested, 100);
  EXPECT_EQ(figures.accepted, 75);
  EXPECT_EQ(figures.failed, 25);
  EXPECT_DOUBLE_EQ(figures.accepted_ratio, 0.75);
  EXPECT_DOUBLE_EQ(figures.rate, 20.0);
  EXPECT_DOUBLE_EQ(figures.p50_ms, 50.0);
  EXPECT_DOUBLE_EQ(figures.p99_ms, 99.0);
}

TEST(LaneWindowTest, WhatIsOlderCountsInTheSumsAlone) {
  LaneWindow lane;
  lane.add(answered(kNow - 6'000, 900, 503), kNow);
  lane.add(answered(kNow - 4'000, 10), kNow);
  lane.add_settled(10, kNow - 4'000);
  EXPECT_DOUBLE_EQ(lane.figures(kNow).accepted_ratio, 1.0);
  EXPECT_DOUBLE_EQ(lane.figures(kNow).settled_rate, 2.0);
  const LaneFigures later = lane.figures(kNow + 2'000);
  EXPECT_EQ(later.requested, 2);
  EXPECT_EQ(later.failed, 1);
  EXPECT_EQ(later.settled, 10);
  EXPECT_DOUBLE_EQ(later.rate, 0.0);
  EXPECT_DOUBLE_EQ(later.settled_rate, 0.0);
  EXPECT_DOUBLE_EQ(later.p99_ms, 0.0);
}

TEST(LaneWindowTest, OfMoreAnswersThanItKeepsTheRateIsThatOfTheNewest) {
  LaneWindow lane;
  constexpr int kAnswers = 20'000;  // 10 a millisecond
  for (int i = 0; i < kAnswers; ++i) lane.add(answered(kNow - 2'000 + i / 10, 1), kNow);
  const LaneFigures figures = lane.figures(kNow);
  EXPECT_EQ(figures.requested, kAnswers);
  EXPECT_NEAR(figures.rate, 10'000, 100);
}

}  // namespace
}  // namespace hailstorm::lab

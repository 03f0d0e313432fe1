#include "services/lab/experiments/frame_series.h"

#include <gtest/gtest.h>

namespace hailstorm::lab {
namespace {

json::Value frame(int64_t at_ms, double ratio, int64_t lag) {
  return {{"t_ms", at_ms},
          {"lanes", {{"log", {{"accepted_ratio", ratio}}}}},
          {"processes", {{"payment", {{"lag", lag}, {"outbox", 2}}}, {"broker", {{"pid", 1}}}}}};
}

TEST(FrameSeriesTest, TakesRatiosAsPercentAndLagWithTheOutbox) {
  FrameSeries series(1'000);
  series.add(frame(3'000, 0.5, 7));
  ASSERT_EQ(series.accepted_percent.at("log").size(), 1U);
  EXPECT_EQ(series.accepted_percent.at("log")[0].at_s, 2);
  EXPECT_EQ(series.accepted_percent.at("log")[0].value, 50);
  EXPECT_EQ(series.lag.at("payment")[0].value, 9);
  EXPECT_FALSE(series.lag.contains("broker"));
}

TEST(FrameSeriesTest, AnythingElseIsNoFrame) {
  FrameSeries series;
  for (const char* text : {"1", "{}", "[]", R"({"t_ms":"x"})", R"({"t_ms":1,"lanes":[]})"}) {
    series.add(json::parse(text).value());
  }
  EXPECT_TRUE(series.lag.empty());
}

TEST(FrameSeriesTest, ALongRunIsThinnedOverItsWholeLength) {
  FrameSeries series;
  for (int64_t i = 0; i < 50'000; ++i) series.add(frame(i * 200, 1, 0));
  const auto& points = series.lag.at("payment");
  EXPECT_LE(points.size(), FrameSeries::kMaxPoints);
  EXPECT_GE(points.size(), FrameSeries::kMaxPoints / 4);
  EXPECT_EQ(points.front().at_s, 0);
  EXPECT_GT(points.back().at_s, 9'900);
}

}  // namespace
}  // namespace hailstorm::lab

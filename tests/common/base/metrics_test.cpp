#include "common/base/metrics.h"

#include <gtest/gtest.h>

namespace hailstorm {
namespace {

TEST(MetricsTest, CountersAndGaugesRenderWithHelpTypeAndLabels) {
  Metrics metrics;
  metrics.counter("hailstorm_rides_total", "Rides.", {{"lane", "log"}}).add(3);
  metrics.counter("hailstorm_rides_total", "Rides.", {{"lane", "log"}}).add(2);
  metrics.gauge("hailstorm_lag_records", "Lag.").set(7);
  EXPECT_EQ(metrics.render(),
            "# HELP hailstorm_rides_total Rides.\n"
            "# TYPE hailstorm_rides_total counter\n"
            "hailstorm_rides_total{lane=\"log\"} 5\n"
            "# HELP hailstorm_lag_records Lag.\n"
            "# TYPE hailstorm_lag_records gauge\n"
            "hailstorm_lag_records 7\n");
}

TEST(MetricsTest, HistogramBucketsAreCumulative) {
  Metrics metrics;
  auto& histogram = metrics.histogram("hailstorm_answer_seconds", "Answers.", {0.25, 1});
  for (const double seconds : {0.125, 0.25, 0.5, 2.0}) histogram.observe(seconds);
  EXPECT_EQ(metrics.render(),
            "# HELP hailstorm_answer_seconds Answers.\n"
            "# TYPE hailstorm_answer_seconds histogram\n"
            "hailstorm_answer_seconds_bucket{le=\"0.25\"} 2\n"
            "hailstorm_answer_seconds_bucket{le=\"1\"} 3\n"
            "hailstorm_answer_seconds_bucket{le=\"+Inf\"} 4\n"
            "hailstorm_answer_seconds_sum 2.875\n"
            "hailstorm_answer_seconds_count 4\n");
}

TEST(MetricsTest, LabelValuesAreEscaped) {
  Metrics metrics;
  metrics.counter("hailstorm_x_total", "X.", {{"topic", "a\"b\\\n"}}).add();
  EXPECT_NE(metrics.render().find(R"(topic="a\"b\\\n")"), std::string::npos);
}

}  // namespace
}  // namespace hailstorm

#include "common/base/metrics.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/metrics_page.h"

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

TEST(MetricsTest, TheFirstHelpTextOfANameStays) {
  Metrics metrics;
  metrics.counter("hailstorm_rides_total", "Rides.", {{"lane", "log"}});
  metrics.counter("hailstorm_rides_total", "Trips.", {{"lane", "chain"}});
  EXPECT_NE(metrics.render().find("# HELP hailstorm_rides_total Rides.\n"), std::string::npos);
}

TEST(MetricsTest, AMetricWithoutHelpTextIsAMistakeOfTheProgram) {
  Metrics metrics;
  EXPECT_DEATH(metrics.counter("hailstorm_rides_total", ""), "help");
  EXPECT_DEATH(metrics.gauge("hailstorm_lag_records", ""), "help");
  EXPECT_DEATH(metrics.histogram("hailstorm_ride_seconds", "", {1}), "help");
  EXPECT_DEATH(metrics.set_gauges("hailstorm_group_lag", "", {}), "help");
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

// Names of others are labels: whatever their bytes are, a reader takes the page, and names that
// differ stay series that differ.
TEST(MetricsTest, NoNameSpoilsThePageAndNoTwoNamesBecomeOneSeries) {
  std::vector<std::string> names = {
      "",         "\xff", "\xfe",     "\xc3", "\\xff",  "\xef\xbf\xbd", "\xef\xbf\xbdxff",
      "\xc2\x80", "\x80", "\x1b[31m", "a\rb", "a\nb",   "a\\nb",        "\xe2\x80\xae",
      "\"",       "\\",   "a\\",      "}",    "a\"} 1", "\xc3\xbc"};
  for (int byte = 0; byte < 256; ++byte)
    names.push_back("x" + std::string(1, static_cast<char>(byte)));
  Metrics metrics;
  Metrics::Samples samples;
  for (const auto& name : names) {
    metrics.counter("hailstorm_x_total", "X.", {{"group", name}}).add();
    samples.push_back({{{"group", name}}, 1.0});
  }
  metrics.set_gauges("hailstorm_y", "Y.", samples);
  const std::string page = metrics.render();
  EXPECT_EQ(testing::problems_of_metrics(page), std::vector<std::string>());
  EXPECT_EQ(static_cast<size_t>(std::count(page.begin(), page.end(), '\n')), 4 + 2 * names.size());
}

TEST(MetricsTest, AGaugeThatIsNotSetAgainGoesAway) {
  Metrics metrics;
  metrics.set_gauges("hailstorm_lag_records", "Lag.",
                     {{{{"group", "a"}}, 1}, {{{"group", "b"}}, 2}});
  metrics.set_gauges("hailstorm_lag_records", "Lag.", {{{{"group", "b"}}, 3}});
  EXPECT_EQ(metrics.render(),
            "# HELP hailstorm_lag_records Lag.\n"
            "# TYPE hailstorm_lag_records gauge\n"
            "hailstorm_lag_records{group=\"b\"} 3\n");
  metrics.set_gauges("hailstorm_lag_records", "Lag.", {});
  EXPECT_EQ(metrics.render(), "");
}

}  // namespace
}  // namespace hailstorm

#include "services/lab/report/plot.h"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "services/lab/report/plot_scale.h"
#include "services/lab/report/plot_table.h"

namespace hailstorm::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Plot lag_plot() {
  return {.title = "Lag",
          .unit = "records",
          .lines = {{"payment", {{0, 0}, {1, 40}, {2, 80}, {3, 0}}}, {"matching", {{0, 1}}}},
          .bands = {{"freeze payment", 1, 2}}};
}

TEST(PlotTest, HasACaptionALegendABandWithItsLabelAndATable) {
  const std::string html = to_html(lag_plot());
  EXPECT_THAT(html, HasSubstr("<strong>Lag</strong>, records"));
  EXPECT_THAT(html, HasSubstr(">freeze payment</text>"));
  EXPECT_THAT(html, HasSubstr("class=\"band\""));
  EXPECT_THAT(html, HasSubstr("<th>payment</th><th>matching</th>"));
  EXPECT_THAT(html, HasSubstr("role=\"img\""));
}

TEST(PlotTest, NamesAndLabelsAreText) {
  Plot plot = lag_plot();
  plot.title = "<script>";
  plot.lines[0].name = "\"><svg onload=x>";
  plot.bands[0].label = "</text><script>";
  const std::string html = to_html(plot);
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
  EXPECT_THAT(html, Not(HasSubstr("<svg onload")));
}

TEST(PlotTest, AMillionPointsMakeAPictureOfSomeHundred) {
  Plot plot = lag_plot();
  plot.lines[0].points.clear();
  for (int i = 0; i < 1'000'000; ++i) plot.lines[0].points.push_back({i / 10.0, 1.0 * (i % 7)});
  EXPECT_LT(to_html(plot).size(), 40'000U);
}

TEST(PlotTest, NumbersThatAreNotFiniteAreGaps) {
  Plot plot = lag_plot();
  plot.lines[0].points = {{0, 1}, {1, NAN}, {2, std::numeric_limits<double>::infinity()}, {3, 2}};
  const std::string html = to_html(plot);
  EXPECT_THAT(html, Not(HasSubstr("nan")));
  EXPECT_THAT(html, Not(HasSubstr("inf")));
  const auto moves = html.substr(html.find("class=\"line l0\" stroke-dasharray=\"none\" d=\"M5"));
  EXPECT_EQ(std::count(moves.begin(), moves.begin() + 100, 'M'), 2);
}

TEST(PlotTest, WithoutAnyPointThereIsStillAPicture) {
  EXPECT_THAT(to_html(Plot{.title = "x", .unit = "y", .lines = {{"z", {}}}, .bands = {}}),
              HasSubstr("<svg"));
}

TEST(PlotScaleTest, ThinningKeepsTheLowestAndTheHighest) {
  std::vector<PlotPoint> points;
  for (int i = 0; i < 10'000; ++i) points.push_back({1.0 * i, i == 5'000 ? 99.0 : 1.0});
  const auto kept = thinned(points, 100);
  EXPECT_LE(kept.size(), 200U);
  EXPECT_TRUE(std::any_of(kept.begin(), kept.end(), [](const auto& p) { return p.value == 99; }));
}

TEST(PlotScaleTest, TicksAreRound) {
  EXPECT_THAT((PlotAxis{.least = 0, .most = 10}).ticks(5), ElementsAre(0, 2, 4, 6, 8, 10));
}

TEST(PlotTableTest, SaysWhatWasOnAndTheExtremes) {
  const HtmlTable table = table_of(lag_plot());
  EXPECT_THAT(table.head, ElementsAre("second", "payment", "matching", "on then"));
  ASSERT_EQ(table.rows.size(), 15U);
  EXPECT_THAT(table.rows[4], ElementsAre("1", "40", "1", "freeze payment"));
  EXPECT_THAT(table.rows[14], ElementsAre("highest", "80", "1", ""));
}

}  // namespace
}  // namespace hailstorm::lab

#include "services/lab/report/plot_table.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "services/lab/report/plot_scale.h"

namespace hailstorm::lab {
namespace {

constexpr int kTimes = 12;

/// The last value up to then.
std::string value_at(const PlotLine& line, double at_s) {
  const auto after =
      std::find_if(line.points.begin(), line.points.end(),
                   [at_s](const PlotPoint& point) { return point.at_s > at_s + 1e-6; });
  return after == line.points.begin() ? "-" : plot_number(std::prev(after)->value);
}

std::string on_at(const Plot& plot, double at_s) {
  std::string labels;
  for (const auto& band : plot.bands) {
    if (at_s < band.from_s || at_s > band.to_s) continue;
    labels += (labels.empty() ? "" : ", ") + band.label;
  }
  return labels;
}

std::vector<std::string> extremes(const Plot& plot, bool highest) {
  std::vector<std::string> row = {highest ? "highest" : "lowest"};
  for (const auto& line : plot.lines) {
    double found = NAN;
    for (const auto& point : line.points) {
      found = highest ? std::fmax(found, point.value) : std::fmin(found, point.value);
    }
    row.push_back(plot_number(found));
  }
  row.emplace_back();
  return row;
}

}  // namespace

HtmlTable table_of(const Plot& plot) {
  HtmlTable table;
  table.caption = fmt::format("{}, {}", plot.title, plot.unit);
  table.head = {"second"};
  for (const auto& line : plot.lines) table.head.push_back(line.name);
  table.head.emplace_back("on then");
  const PlotAxis times = time_axis(plot, 0, 1);
  for (int i = 0; i <= kTimes; ++i) {
    const double at_s = times.least + (times.most - times.least) * i / kTimes;
    std::vector<std::string> row = {plot_number(at_s)};
    for (const auto& line : plot.lines) row.push_back(value_at(line, at_s));
    row.push_back(on_at(plot, at_s));
    table.rows.push_back(std::move(row));
  }
  table.rows.push_back(extremes(plot, false));
  table.rows.push_back(extremes(plot, true));
  return table;
}

}  // namespace hailstorm::lab

#include "services/lab/report/plot_scale.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace hailstorm::lab {
namespace {

/// 1, 2 or 5 times a power of ten, at least as large as `number`.
double round_step(double number) {
  const double power = std::pow(10, std::floor(std::log10(number)));
  for (const double times : {1.0, 2.0, 5.0}) {
    if (times * power >= number) return times * power;
  }
  return 10 * power;
}

}  // namespace

double PlotAxis::px_of(double number) const {
  const double share = (std::clamp(number, least, most) - least) / (most - least);
  return first_px + share * (last_px - first_px);
}

std::vector<double> PlotAxis::ticks(int count) const {
  const double step = round_step((most - least) / count);
  std::vector<double> found;
  for (double tick = std::ceil(least / step) * step; tick <= most + step / 1e6; tick += step) {
    found.push_back(tick);
  }
  return found;
}

PlotAxis value_axis(const Plot& plot, double first_px, double last_px) {
  double most = 0;
  for (const auto& line : plot.lines) {
    for (const auto& point : line.points) {
      if (std::isfinite(point.value)) most = std::max(most, std::min(point.value, 1e15));
    }
  }
  most = most > 0 ? round_step(most / 5) * 5 : 1;
  return {.least = 0, .most = most, .first_px = first_px, .last_px = last_px};
}

PlotAxis time_axis(const Plot& plot, double first_px, double last_px) {
  double least = 0;
  double most = 1;
  for (const auto& line : plot.lines) {
    if (line.points.empty()) continue;
    least = std::min(least, line.points.front().at_s);
    most = std::max(most, line.points.back().at_s);
  }
  for (const auto& band : plot.bands) most = std::max(most, band.to_s);
  return {.least = least, .most = most, .first_px = first_px, .last_px = last_px};
}

std::vector<PlotPoint> thinned(const std::vector<PlotPoint>& points, size_t buckets) {
  if (points.size() <= 2 * buckets) return points;
  std::vector<PlotPoint> kept;
  for (size_t i = 0; i < buckets; ++i) {
    const auto at = [&](size_t bucket) {
      return points.begin() + static_cast<std::ptrdiff_t>(bucket * points.size() / buckets);
    };
    auto [low, high] = std::minmax_element(
        at(i), at(i + 1), [](const auto& a, const auto& b) { return a.value < b.value; });
    if (high < low) std::swap(low, high);
    kept.push_back(*low);
    if (low != high) kept.push_back(*high);
  }
  return kept;
}

std::string plot_number(double number) {
  if (!std::isfinite(number)) return "-";
  if (std::abs(number) >= 100 || number == std::round(number)) return fmt::format("{:.0f}", number);
  return fmt::format("{:.{}f}", number, std::abs(number) >= 10 ? 1 : 2);
}

}  // namespace hailstorm::lab

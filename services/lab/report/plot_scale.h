#pragma once

#include <string>
#include <vector>

#include "services/lab/report/plot_values.h"

/// Where the numbers of a plot lie in its picture. Pure functions: safe from any thread.
namespace hailstorm::lab {

/// A range of numbers on a range of pixels.
struct PlotAxis {
  double least = 0;
  double most = 1;
  double first_px = 0;
  double last_px = 1;

  /// Numbers beyond the range lie on its border.
  [[nodiscard]] double px_of(double number) const;
  /// About `count` round numbers of the range, in order.
  [[nodiscard]] std::vector<double> ticks(int count) const;
};

/// Values from 0 up to a round number above the highest.
[[nodiscard]] PlotAxis value_axis(const Plot& plot, double first_px, double last_px);
/// From the first to the last time of any line or band.
[[nodiscard]] PlotAxis time_axis(const Plot& plot, double first_px, double last_px);

/// At most two points in each of `buckets` equal parts of the time: the lowest and the highest.
[[nodiscard]] std::vector<PlotPoint> thinned(const std::vector<PlotPoint>& points, size_t buckets);

/// With as many digits as a reader needs.
[[nodiscard]] std::string plot_number(double number);

}  // namespace hailstorm::lab

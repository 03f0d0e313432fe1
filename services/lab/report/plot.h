#pragma once

#include <string>
#include <vector>

/// Plots of measurements over time, as SVG inside of an HTML report, each with a table that says
/// the same. Pure functions: safe from any thread.
namespace hailstorm::lab {

struct PlotPoint {
  double at_s = 0;
  double value = 0;  // one that is not finite is a gap
};
/// Points are in the order of their times.
struct PlotLine {
  std::string name;
  std::vector<PlotPoint> points;
};
/// A range of time, such as that of a fault.
struct PlotBand {
  std::string label;
  double from_s = 0;
  double to_s = 0;
};
struct Plot {
  std::string title;
  std::string unit;  // of the values
  std::vector<PlotLine> lines;
  std::vector<PlotBand> bands;
};

/// A <figure>: caption, legend, picture, and a table of the same numbers to unfold. Six lines have
/// looks of their own. However many points there are, the picture has at most some hundred a line.
[[nodiscard]] std::string to_html(const Plot& plot);

}  // namespace hailstorm::lab

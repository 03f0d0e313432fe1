#pragma once

#include <string>
#include <vector>

/// What a plot shows. Values; distinct objects may be used from distinct threads.
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

}  // namespace hailstorm::lab

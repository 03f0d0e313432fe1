#pragma once

#include <string>

#include "services/lab/report/plot_values.h"

/// Plots of measurements over time, as SVG inside of an HTML report, each with a table that says
/// the same. Pure functions: safe from any thread.
namespace hailstorm::lab {

/// A <figure>: caption, legend, picture, and a table of the same numbers to unfold. Six lines have
/// looks of their own. However many points there are, the picture has at most some hundred a line.
[[nodiscard]] std::string to_html(const Plot& plot);

}  // namespace hailstorm::lab

#pragma once

#include "services/lab/report/html.h"
#include "services/lab/report/plot_values.h"

namespace hailstorm::lab {

/// The numbers of a plot for those who read rather than look: a row for each of a dozen times, with
/// what was on then, and the lowest and the highest value of each line. Safe from any thread.
[[nodiscard]] HtmlTable table_of(const Plot& plot);

}  // namespace hailstorm::lab

#pragma once

#include <string>
#include <vector>

#include "services/lab/platform/sample.h"
#include "services/lab/story/act_run.h"

namespace hailstorm::lab {

/// What a terminal shows while an act runs: one line per service, one per lane. With ANSI colours.
[[nodiscard]] std::vector<std::string> live_table(const ActRun& act, const PlatformSample& sample);

/// The same in one plain line.
[[nodiscard]] std::string live_line(const ActRun& act, const PlatformSample& sample);

}  // namespace hailstorm::lab

#pragma once

#include <functional>
#include <string>

#include "common/base/clock.h"
#include "common/base/stop_signal.h"
#include "services/lab/serve/own_lab.h"

namespace hailstorm::lab {

/// Runs `work` on the lab that --lab names, or on one of its own; gives its exit code, or that of a
/// lab that could not be had, has another run on or does not take the token: 2, which is no verdict
/// on any ride; 130 or 143 stopped. `program` is for messages; `report`: the file for it, empty:
/// none.
[[nodiscard]] int with_lab(const std::string& program, const OwnLabSettings& settings,
                           const Clock& clock, StopSignal& stop, const std::string& report,
                           const std::function<int(LabClient&)>& work);

}  // namespace hailstorm::lab

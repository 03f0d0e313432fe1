#pragma once

#include <cstdint>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/stop_signal.h"
#include "services/lab/screen/screen.h"

namespace hailstorm::lab {

/// Calls `run`.step() every `step_ms` until it is done, fails, or a stop is requested, and shows
/// `run`.line() meanwhile. Gives for how many seconds in `lasted_s`. Errors: those of the steps.
/// Thread safety: as `run` and `screen`.
template <class Run>
[[nodiscard]] Status run_steps(Run& run, int step_ms, Screen& screen, const Clock& clock,
                               StopSignal& stop, double& lasted_s) {
  const int64_t began_ms = clock.steady_ms();
  Status status;
  while (status.ok() && !run.done() && !stop.wait_for(step_ms)) {
    status = run.step();
    if (screen.is_terminal()) {
      screen.show({run.line()});
    } else {
      screen.progress(run.line(), clock.steady_ms());
    }
  }
  lasted_s = static_cast<double>(clock.steady_ms() - began_ms) / 1e3;
  return status;
}

}  // namespace hailstorm::lab

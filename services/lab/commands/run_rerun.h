#pragma once

#include <string>

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/stop_signal.h"
#include "services/lab/serve/own_lab.h"

namespace hailstorm::lab {

/// The options of `hail-lab rerun`.
struct RerunSettings {
  OwnLabSettings lab;
  std::string file;
  double tolerance_percent = 10;

  void add_to(Options& options);
};

/// `hail-lab rerun FILE`: the faults and riders of a recording once more, on a platform of the same
/// seed. Gives the exit code for main: 0 the verdicts are the same, 1 they are not, or it could not
/// be done; 2 bad usage or no recording; 130 stopped by Ctrl-C. To be called on the main thread.
[[nodiscard]] int run_rerun(RerunSettings settings, const Clock& clock, StopSignal& stop);

}  // namespace hailstorm::lab

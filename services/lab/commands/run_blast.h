#pragma once

#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/stop_signal.h"
#include "services/lab/commands/outputs.h"
#include "services/lab/serve/own_lab.h"

namespace hailstorm::lab {

/// The options of `hail-lab blast`.
struct BlastSettings {
  OwnLabSettings lab;
  Outputs outputs;
  std::vector<std::string> faults = {};
  std::vector<std::string> targets = {};
  bool quick = false;
  double rate = 40;  // rides per second

  void add_to(Options& options);
};

/// `hail-lab blast`: what each fault does to all others, as predicted and as measured. Gives the
/// exit code for main: 0 the log lane took every ride and the audit is clean; 1 not so, or it could
/// not be measured; 2 bad usage; 3 a fault was not proven; 130 stopped by Ctrl-C. To be called on
/// the main thread.
[[nodiscard]] int run_blast(BlastSettings settings, const Clock& clock, StopSignal& stop);

}  // namespace hailstorm::lab

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/stop_signal.h"
#include "services/lab/commands/outputs.h"
#include "services/lab/serve/own_lab.h"

namespace hailstorm::lab {

/// The options of `hail-lab storm`.
struct StormSettings {
  OwnLabSettings lab;
  Outputs outputs;
  double minutes = 1;
  int64_t kills = 0;
  int64_t at_once = 2;
  double rate = 40;  // rides per second
  std::vector<std::string> kinds = {};
  std::vector<std::string> targets = {};
  bool dry_run = false;

  void add_to(Options& options);
};

/// `hail-lab storm`: faults by chance on a platform with riders, then the audit. Gives the exit
/// code for main: 0 every promise was kept; 1 one was broken, or the storm could not be carried
/// out; 2 bad usage; 3 a fault was not proven; 130 stopped by Ctrl-C. To be called on the main
/// thread.
[[nodiscard]] int run_storm(StormSettings settings, const Clock& clock, StopSignal& stop);

}  // namespace hailstorm::lab

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/flood.h"
#include "tests/system/floods/flooded_platform.h"

namespace hailstorm::testing {

/// One flood, and the processes that it is for.
struct FloodStep {
  FloodKind kind;
  std::vector<std::string> targets;  // as FloodedPlatform::port_of() names them
};

/// Each flood once: those of HTTP against the gateway, a service, the broker's probes and the agent
/// at the same time.
[[nodiscard]] std::vector<FloodStep> short_steps();
/// Those of HTTP against each of these alone, too.
[[nodiscard]] std::vector<FloodStep> long_steps();

/// The result of a step.
struct StepResult {
  std::string flood;
  std::string target;
  int64_t first_second = 0;  // of the wall clock
  int64_t last_second = 0;
  int64_t looks = 0;                    // at each process
  std::vector<int64_t> unseen_seconds;  // in which a process that runs did not answer the lab
  double slowest_freeze_ms = 0;         // until the lab saw the process frozen
};

/// Floods for `how_long`. Meanwhile the lab looks at all processes, and freezes and thaws the
/// flooded one.
[[nodiscard]] StepResult run_step(FloodedPlatform& platform, const FloodStep& step,
                                  std::chrono::milliseconds how_long);

}  // namespace hailstorm::testing

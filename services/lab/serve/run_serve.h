#pragma once

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/stop_signal.h"
#include "services/lab/platform/platform_options.h"
#include "services/lab/serve/lab.h"

namespace hailstorm::lab {

/// The options of `hail-lab serve`.
struct ServeSettings {
  PlatformOptions platform;
  LabSettings listener;

  void add_to(Options& options);
};

/// `hail-lab serve`: starts a platform, or reaches the one in containers, and offers the lab's API
/// until Ctrl-C. Gives the exit code for main: 0, 1 the platform could not start, 2 bad usage. To
/// be called on the main thread.
[[nodiscard]] int run_serve(ServeSettings settings, const Clock& clock, StopSignal& stop);

}  // namespace hailstorm::lab

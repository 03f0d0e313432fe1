#pragma once

#include "common/base/clock.h"
#include "common/base/stop_signal.h"
#include "services/lab/story/settings.h"

namespace hailstorm::lab {

/// `hail-lab story`: starts the platform, plays the acts on both lanes, audits, prints the
/// verdict. Gives the exit code for main: 0 it holds, 1 it is broken, 2 it could not begin, 130
/// stopped by Ctrl-C. To be called on the main thread.
[[nodiscard]] int run_story(StorySettings settings, const Clock& clock, StopSignal& stop);

}  // namespace hailstorm::lab

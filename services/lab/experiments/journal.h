#pragma once

#include <string>

#include "common/json/json.h"
#include "services/lab/experiments/experiment_run.h"
#include "services/lab/experiments/experiment_verdict.h"

namespace hailstorm::lab {

/// The run as Chaos Toolkit writes its journal, so that its tools read it; what they do not know is
/// under "x-hailstorm". Safe from any thread.
[[nodiscard]] json::Value journal_of(const ExperimentRun& run,
                                     const ExperimentConclusion& conclusion);

/// Chaos Toolkit's form of a time: "2026-11-28T07:30:00.123000+00:00".
[[nodiscard]] std::string journal_time(int64_t wall_ms);

}  // namespace hailstorm::lab

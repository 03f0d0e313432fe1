#pragma once

#include <string>

#include "services/lab/experiments/experiment_run.h"
#include "services/lab/experiments/experiment_verdict.h"

namespace hailstorm::lab {

/// The run as one HTML file that needs nothing else: verdict, steady state, faults with their
/// phases, plots, audit, and the experiment itself. Safe from any thread.
[[nodiscard]] std::string report_of(const ExperimentRun& run,
                                    const ExperimentConclusion& conclusion);

}  // namespace hailstorm::lab

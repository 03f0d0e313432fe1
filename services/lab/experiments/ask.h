#pragma once

#include <vector>

#include "common/base/clock.h"
#include "services/lab/experiments/document/plan.h"
#include "services/lab/experiments/experiment_lab.h"
#include "services/lab/experiments/experiment_run.h"

/// Sends activities to the lab, and keeps what came. Safe from any thread where the lab is.
namespace hailstorm::lab {

/// Sends the activity's request, without its pauses. A body beyond some hundred kB is not kept.
[[nodiscard]] ActivityRun ask(ExperimentLab& lab, const PlannedActivity& planned,
                              const Clock& clock);

/// Asks the hypothesis' probes of that moment, in order, up to the first that is not right.
[[nodiscard]] SteadyState look(ExperimentLab& lab, const Experiment& experiment,
                               const std::vector<PlannedActivity>& probes, Moment moment,
                               const Clock& clock);

}  // namespace hailstorm::lab

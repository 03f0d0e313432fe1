#pragma once

#include <string>
#include <vector>

#include "common/http/http.h"
#include "services/lab/experiments/document/experiment.h"
#include "services/lab/experiments/document/variables.h"

namespace hailstorm::lab {

/// One activity, ready to be sent.
struct PlannedActivity {
  Activity activity;
  http::Request request;  // `path` has the query, too
  int timeout_ms = 0;
};

/// What is sent to the lab, in order.
struct ExperimentPlan {
  std::vector<PlannedActivity> probes;
  std::vector<PlannedActivity> method;
  std::vector<PlannedActivity> rollbacks;
};

/// Replaces the variables. Errors: bad_file, also for a request to anything but the API of `lab`.
/// Safe from any thread.
[[nodiscard]] Result<ExperimentPlan> plan_of(const Experiment& experiment, const Address& lab,
                                             const Environment& environment);

}  // namespace hailstorm::lab

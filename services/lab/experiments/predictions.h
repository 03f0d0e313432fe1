#pragma once

#include <string>
#include <vector>

#include "services/lab/experiments/experiment_run.h"

namespace hailstorm::lab {

/// What was predicted of a lane or a service, and what came.
struct Prediction {
  std::string name;
  std::string predicted;  // hurt or calm
  std::string came;       // the same words; "unknown" where nothing was measured
  std::string seen;       // in numbers

  [[nodiscard]] bool is_right() const { return predicted == came; }
};

/// For each lane and service that was measured and that a prediction names, "*" for all others. A
/// lane is hurt where fewer than 99 % of a moment's rides were accepted while a fault was on or up
/// to 5 s after; a service, where it was ever more than 50 records further back than before. Pure
/// function: safe from any thread.
[[nodiscard]] std::vector<Prediction> compare_predictions(const ExperimentRun& run);

}  // namespace hailstorm::lab

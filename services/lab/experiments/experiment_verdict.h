#pragma once

#include <string>
#include <string_view>

#include "services/lab/experiments/experiment_run.h"

namespace hailstorm::lab {

enum class ExperimentVerdict { passed, failed, inconclusive };
[[nodiscard]] std::string_view name_of(ExperimentVerdict verdict);

struct ExperimentConclusion {
  ExperimentVerdict verdict = ExperimentVerdict::inconclusive;
  std::string reason;  // a sentence

  /// For main: 0 passed, 1 failed, 3 inconclusive.
  [[nodiscard]] int exit_code() const;
};

/// Passed: the steady state held whenever it was looked at, and every fault was proven on and off.
/// Failed: it did not hold. Inconclusive, whatever else was seen: the method was not run to its
/// end, a fault was not proven, or the lab did not answer: then nobody knows what was tested. Pure
/// function: safe from any thread.
[[nodiscard]] ExperimentConclusion conclude(const ExperimentRun& run);

}  // namespace hailstorm::lab

#include "services/lab/experiments/experiment_verdict.h"

#include <fmt/format.h>

#include "common/base/enum_name.h"

namespace hailstorm::lab {
namespace {

std::string last_seen(const SteadyState& state) {
  if (state.probes.empty()) return {};
  const ActivityRun& last = state.probes.back();
  return fmt::format("{}: {}", last.name, last.measured ? last.measured->seen : last.exception);
}

/// Empty: every fault was on and is off.
std::string unproven(const ExperimentRun& run) {
  for (const ExperimentFault* fault : run.faults_in_order()) {
    const auto& state = fault->state;
    const auto what = fmt::format("{} {}", name_of(state.request.action), state.request.target);
    if (state.proven_at_ms == 0) {
      return fmt::format("\"{}\" ({}) was not proven: {}", fault->action, what, state.evidence);
    }
    if (state.proven_off_at_ms == 0) {
      return fmt::format("the end of \"{}\" ({}) was not proven: {}", fault->action, what,
                         state.evidence);
    }
  }
  return {};
}

std::string unanswered(const ExperimentRun& run) {
  for (const auto* state : {&run.before, &run.first_deviation, &run.after}) {
    if (*state && !(*state)->is_answered) return last_seen(**state);
  }
  return {};
}

/// Empty: the steady state held.
std::string deviation(const ExperimentRun& run) {
  if (run.before && !run.before->is_met) {
    return fmt::format("The steady state did not hold before anything was done: {}",
                       last_seen(*run.before));
  }
  if (run.first_deviation) {
    return fmt::format("The steady state did not hold during {} of {} looks: {}", run.deviations,
                       run.looks, last_seen(*run.first_deviation));
  }
  if (run.after && !run.after->is_met) {
    return fmt::format("The steady state did not hold after it: {}", last_seen(*run.after));
  }
  return {};
}

}  // namespace

std::string_view name_of(ExperimentVerdict verdict) { return enum_name(verdict); }

int ExperimentConclusion::exit_code() const {
  switch (verdict) {
    case ExperimentVerdict::passed:
      return 0;
    case ExperimentVerdict::failed:
      return 1;
    case ExperimentVerdict::inconclusive:
      return 3;
  }
  return 3;
}

ExperimentConclusion conclude(const ExperimentRun& run) {
  const std::string seen = deviation(run);
  const std::string besides = seen.empty() ? "" : " Besides: " + seen;
  if (!run.trouble.empty()) return {ExperimentVerdict::inconclusive, run.trouble + "." + besides};
  if (const auto why = unanswered(run); !why.empty()) {
    return {ExperimentVerdict::inconclusive, "The lab did not answer: " + why};
  }
  if (const auto why = unproven(run); !why.empty()) {
    return {ExperimentVerdict::inconclusive, "A fault: " + why + "." + besides};
  }
  if (!seen.empty()) return {ExperimentVerdict::failed, seen};
  return {
      ExperimentVerdict::passed,
      "The steady state held whenever it was looked at" +
          (run.faults.empty() ? std::string(".")
                              : fmt::format(", and each fault was proven on and off ({} of {}).",
                                            run.faults.size(), run.faults.size()))};
}

}  // namespace hailstorm::lab

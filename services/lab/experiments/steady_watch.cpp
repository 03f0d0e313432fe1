#include "services/lab/experiments/steady_watch.h"

#include <chrono>
#include <fmt/format.h>

namespace hailstorm::lab {

SteadyWatch::SteadyWatch(ExperimentLab& lab, const Experiment& experiment,
                         const std::vector<PlannedActivity>& probes, const Clock& clock,
                         Narrator& narrator)
    : lab_(lab),
      experiment_(experiment),
      probes_(probes),
      clock_(clock),
      narrator_(narrator),
      thread_(std::chrono::duration<double>(experiment.hailstorm.every_s),
              [this] { return look_now(); }) {}

bool SteadyWatch::look_now() {
  SteadyState state = look(lab_, experiment_, probes_, Moment::during, clock_);
  if (state.probes.empty()) return false;  // no probe is of that moment
  keep(std::move(state));
  return true;
}

void SteadyWatch::keep(SteadyState state) {
  ++looks_;
  if (!state.is_met) ++deviations_;
  if (!state.is_met && !first_deviation_) first_deviation_ = state;
  if (state.is_met != was_met_) {
    const ActivityRun& last = state.probes.back();
    narrator_.say_at(state.is_met ? "the steady state is back"
                                  : fmt::format("the steady state is gone: {}: {}", last.name,
                                                last.measured ? last.measured->seen : ""));
  }
  was_met_ = state.is_met;
  if (seen_.size() == kMaxKept) seen_.erase(seen_.begin());
  seen_.push_back(std::move(state));
}

void SteadyWatch::take_into(ExperimentRun& run) {
  run.during = std::move(seen_);
  run.looks = looks_;
  run.deviations = deviations_;
  run.first_deviation = std::move(first_deviation_);
}

}  // namespace hailstorm::lab

#include "services/lab/experiments/steady_watch.h"

#include <chrono>
#include <fmt/format.h>

namespace hailstorm::lab {

SteadyWatch::SteadyWatch(ExperimentLab& lab, const Experiment& experiment,
                         const std::vector<PlannedActivity>& probes, const Clock& clock,
                         Narrator& narrator)
    : lab_(lab), experiment_(experiment), probes_(probes), clock_(clock), narrator_(narrator) {
  thread_ = std::thread([this] { watch(); });
}

SteadyWatch::~SteadyWatch() { end(); }

void SteadyWatch::end() {
  {
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
  }
  ended_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool SteadyWatch::wait_for_next() {
  std::unique_lock lock(mutex_);
  const auto pace = std::chrono::duration<double>(experiment_.hailstorm.every_s);
  return !ended_.wait_for(lock, pace, [this] { return is_ended_; });
}

void SteadyWatch::watch() {
  do {
    SteadyState state = look(lab_, experiment_, probes_, Moment::during, clock_);
    if (state.probes.empty()) return;  // no probe is of that moment
    keep(std::move(state));
  } while (wait_for_next());
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

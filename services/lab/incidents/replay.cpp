#include "services/lab/incidents/replay.h"

#include <algorithm>
#include <fmt/format.h>

#include "services/lab/api/errors.h"

namespace hailstorm::lab {
namespace {

using What = ReplayStep::What;

void add_fault(const RecordedFault& recorded, size_t index, std::vector<ReplayStep>& steps) {
  const int64_t end_ms = recorded.at_ms + recorded.request.duration_ms;
  if (end_ms <= 0) return;
  if (recorded.reverted_at_ms && *recorded.reverted_at_ms <= 0) return;
  ReplayStep inject{.at_ms = std::max<int64_t>(0, recorded.at_ms), .what = What::inject};
  inject.fault = recorded.request;
  inject.fault.id = fmt::format("rerun-{}", index);
  inject.fault.by = "rerun";
  inject.fault.duration_ms = end_ms - inject.at_ms;
  const bool reverted_early = recorded.reverted_at_ms && *recorded.reverted_at_ms < end_ms;
  if (reverted_early) {
    ReplayStep revert = inject;
    revert.at_ms = std::max(inject.at_ms, *recorded.reverted_at_ms);
    revert.what = What::revert;
    steps.push_back(std::move(revert));
  }
  steps.push_back(std::move(inject));
}

}  // namespace

std::vector<ReplayStep> steps_of(const Schedule& schedule) {
  std::vector<ReplayStep> steps;
  for (const auto& change : schedule.traffic) {
    steps.push_back({.at_ms = std::max<int64_t>(0, change.at_ms),
                     .what = What::ride,
                     .traffic = change.traffic});
  }
  for (size_t i = 0; i < schedule.faults.size(); ++i) add_fault(schedule.faults[i], i, steps);
  std::stable_sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) {
    if (a.at_ms != b.at_ms) return a.at_ms < b.at_ms;
    return a.what < b.what;  // riders first, and a fault before its end
  });
  return steps;
}

Replay::Replay(const Schedule& schedule, RemoteLab& lab, const Clock& clock)
    : steps_(steps_of(schedule)),
      duration_ms_(schedule.duration_ms()),
      lab_(lab),
      clock_(clock),
      began_ms_(clock.steady_ms()) {}

bool Replay::done() const { return next_ == steps_.size() && now_ms() >= duration_ms_; }

Status Replay::act(const ReplayStep& step) {
  if (step.what == What::ride) {
    const double rate = step.traffic.running ? step.traffic.rate : 0;
    return step.traffic.lanes.empty() ? lab_.ride(rate) : lab_.ride(rate, step.traffic.lanes);
  }
  if (step.what == What::inject) {
    const auto injected = lab_.inject(step.fault);
    return injected.ok() ? Status() : Status(injected.error());
  }
  // It may have ended by itself a moment ago.
  const Status reverted = lab_.revert(step.fault.id);
  return !reverted.ok() && reverted.error().is(ApiErrc::not_found) ? Status() : reverted;
}

Status Replay::step() {
  while (next_ < steps_.size() && steps_[next_].at_ms <= now_ms()) {
    HAIL_RETURN_IF_ERROR(act(steps_[next_]));
    ++next_;
  }
  return {};
}

std::string Replay::line() const {
  return fmt::format("  {:.1f} of {:.1f} s: {} of {} steps", static_cast<double>(now_ms()) / 1e3,
                     static_cast<double>(duration_ms_) / 1e3, next_, steps_.size());
}

}  // namespace hailstorm::lab

#include "services/lab/storm/storm_run.h"

#include <algorithm>
#include <fmt/format.h>

#include "services/lab/api/errors.h"

namespace hailstorm::lab {
namespace {

using Outcome = StormFault::Outcome;

constexpr int64_t kAtWorkWithinMs = 15'000;     // longer is no progress either
constexpr int64_t kHeldForMs = 30'000;          // a target that others hold
constexpr int64_t kProvenOffWithinMs = 10'000;  // after the end of the lease
constexpr int64_t kSilentForMs = 10'000;

bool may_pass(const Error& error) {
  return error.is(ApiErrc::conflict) || error.is(ApiErrc::failed) || error.is(ApiErrc::not_now) ||
         error.is(ApiErrc::unreachable);
}

std::string text_of(const FaultRequest& request) {
  return fmt::format("{} {}", name_of(request.action), request.target);
}

}  // namespace

StormRun::StormRun(const StormRequest& request, const std::vector<PlannedFault>& plan,
                   RemoteLab& lab, const Clock& clock)
    : at_once_(request.at_once),
      lab_(lab),
      clock_(clock),
      started_ms_(clock.steady_ms()),
      ends_ms_(plan.size()),
      answered_ms_(started_ms_) {
  for (const auto& one : plan) faults_.push_back({.planned = one, .state = {}, .refusal = {}});
}

bool StormRun::done() const {
  return next_ == faults_.size() &&
         std::none_of(faults_.begin(), faults_.end(),
                      [](const auto& one) { return one.outcome == Outcome::on; });
}

size_t StormRun::count_on() const {
  return static_cast<size_t>(std::count_if(faults_.begin(), faults_.end(), [](const auto& one) {
    return one.outcome == Outcome::on && one.state.reverted_at_ms == 0;
  }));
}

Status StormRun::look() {
  auto snapshot = lab_.look();
  auto states = lab_.faults();
  if (snapshot.ok() && states.ok()) {
    answered_ms_ = clock_.steady_ms();
    seen_ = std::move(*snapshot);
    follow(*states);
    return {};
  }
  if (clock_.steady_ms() - answered_ms_ < kSilentForMs) return {};
  const Error& error = snapshot.ok() ? states.error() : snapshot.error();
  return Error(StormErrc::lab_is_gone, error.message());
}

void StormRun::follow(const std::vector<FaultState>& states) {
  for (auto& fault : faults_) {
    if (fault.outcome != Outcome::on) continue;
    const auto found = std::find_if(states.begin(), states.end(), [&](const auto& state) {
      return state.request.id == fault.state.request.id;
    });
    if (found != states.end()) fault.state = *found;
    if (fault.state.reverted_at_ms != 0) {
      reverted_at_ms_[fault.planned.request.target] = fault.state.reverted_at_ms;
    }
    if (fault.state.proven_at_ms != 0 && fault.state.proven_off_at_ms != 0) {
      fault.outcome = Outcome::proven_off;
    } else {
      expire(fault);
    }
  }
}

/// A fault that was not proven, on or off, when it should have been.
void StormRun::expire(StormFault& fault) const {
  const auto index = static_cast<size_t>(&fault - faults_.data());
  const bool never_on = fault.state.proven_at_ms == 0 && fault.state.reverted_at_ms != 0;
  if (never_on || since_start_ms() > ends_ms_[index] + kProvenOffWithinMs) {
    fault.outcome = Outcome::not_proven;
  }
}

/// A process that is still starting is not hit again: the storm would prevent all progress.
bool StormRun::is_at_work(const std::string& target, int64_t due_ms) const {
  const auto process = seen_.processes.find(target);
  if (process == seen_.processes.end()) return true;
  const auto reverted = reverted_at_ms_.find(target);
  const bool is_news = reverted == reverted_at_ms_.end() || seen_.t_ms > reverted->second;
  if (is_news && process->second.works()) return true;
  return since_start_ms() - due_ms > kAtWorkWithinMs;
}

bool StormRun::may_begin(const StormFault& fault) {
  if (since_start_ms() < fault.planned.at_ms || count_on() >= at_once_) return false;
  const auto& target = fault.planned.request.target;
  const bool is_hit = std::any_of(faults_.begin(), faults_.end(), [&](const auto& other) {
    return other.outcome == Outcome::on && other.planned.request.target == target;
  });
  if (is_hit) return false;
  if (next_due_ms_ == 0) next_due_ms_ = since_start_ms();
  return is_at_work(target, next_due_ms_);
}

void StormRun::inject(StormFault& fault) {
  auto injected = lab_.inject(fault.planned.request);
  if (!injected.ok() && may_pass(injected.error()) &&
      since_start_ms() - next_due_ms_ < kHeldForMs) {
    return;
  }
  if (injected.ok()) {
    fault.state = std::move(*injected);
    fault.outcome = Outcome::on;
  } else {
    fault.refusal = injected.error().message();
    fault.outcome = Outcome::refused;
  }
  ends_ms_[next_] = since_start_ms() + fault.planned.request.duration_ms;
  ++next_;
  next_due_ms_ = 0;
}

Status StormRun::step() {
  HAIL_RETURN_IF_ERROR(look());
  if (next_ < faults_.size() && may_begin(faults_[next_])) inject(faults_[next_]);
  return {};
}

std::string StormRun::line() const {
  std::string on;
  for (const auto& one : faults_) {
    if (one.outcome != Outcome::on || one.state.reverted_at_ms != 0) continue;
    on += (on.empty() ? "" : ", ") + text_of(one.planned.request);
  }
  const auto log = seen_.lanes.find("log");
  const SeenLane lane = log == seen_.lanes.end() ? SeenLane() : log->second;
  return fmt::format(
      "  {:6.1f} s  {:>4} of {} faults, on: {:<34} log {} accepted {} failed, lag {}",
      static_cast<double>(since_start_ms()) / 1e3, next_, faults_.size(), on.empty() ? "none" : on,
      lane.accepted, lane.failed, seen_.lag());
}

}  // namespace hailstorm::lab

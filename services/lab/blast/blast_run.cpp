#include "services/lab/blast/blast_run.h"

#include <algorithm>
#include <fmt/format.h>

#include "services/lab/api/errors.h"
#include "services/lab/blast/prediction.h"
#include "services/lab/remote/fault_kinds.h"

namespace hailstorm::lab {
namespace {

constexpr int64_t kSteadyWithinMs = 30'000;
constexpr int64_t kUsualForMs = 600;  // three frames
constexpr int64_t kProvenOffWithinMs = 10'000;
constexpr int64_t kSilentForMs = 10'000;

}  // namespace

BlastRun::BlastRun(BlastRequest request, std::vector<BlastFault> plan, RemoteLab& lab,
                   const Clock& clock)
    : request_(std::move(request)),
      plan_(std::move(plan)),
      lab_(lab),
      clock_(clock),
      phase_began_ms_(clock.steady_ms()),
      answered_ms_(phase_began_ms_) {
  if (!plan_.empty()) cell_.fault = plan_.front();
}

void BlastRun::enter(Phase phase) {
  phase_ = phase;
  phase_began_ms_ = clock_.steady_ms();
  usual_since_ms_ = 0;
}

Status BlastRun::look() {
  is_new_ = false;
  auto snapshot = lab_.look();
  if (!snapshot.ok()) {
    if (clock_.steady_ms() - answered_ms_ < kSilentForMs) return {};
    return Error(BlastErrc::lab_is_gone, snapshot.error().message());
  }
  answered_ms_ = clock_.steady_ms();
  if (now_ && now_->seq == snapshot->seq) return {};
  is_new_ = true;
  then_ = std::move(now_);
  now_ = std::move(*snapshot);
  return {};
}

/// Until every process works and rides are accepted: what went before must be over.
void BlastRun::settle() {
  const bool steady = std::all_of(now_->processes.begin(), now_->processes.end(),
                                  [](const auto& one) { return one.second.works(); });
  const bool flows = then_ && now_->lanes["log"].accepted > then_->lanes["log"].accepted;
  cell_.was_steady = steady;
  if ((steady && flows) || in_phase_ms() > kSteadyWithinMs) enter(Phase::before);
}

void BlastRun::watch_before() {
  frames_.before.push_back(*now_);
  if (in_phase_ms() < request_.before_ms()) return;
  usual_.clear();
  for (const auto& subject : blast_subjects()) {
    if (!is_hit(cell_.fault.target, subject)) usual_.emplace_back(frames_.before, subject);
  }
  inject();
}

void BlastRun::inject() {
  FaultRequest request;
  request.target = cell_.fault.target;
  request.action = cell_.fault.action;
  request.attributes = usual_attributes(request.action);
  request.duration_ms = request_.during_ms();
  request.by = "blast";
  auto injected = lab_.inject(request);
  if (!injected.ok()) {
    cell_.refusal = injected.error().message();
    return finish();
  }
  cell_.state = std::move(*injected);
  enter(Phase::during);
}

/// What became of the fault.
void BlastRun::follow() {
  if (cell_.state.proven_off_at_ms != 0) return;
  auto state = lab_.fault(cell_.state.request.id);
  if (state.ok()) cell_.state = std::move(*state);
}

void BlastRun::watch_during() {
  frames_.during.push_back(*now_);
  if (in_phase_ms() < request_.during_ms()) return;
  follow();
  if (cell_.state.reverted_at_ms != 0 || in_phase_ms() > 2 * request_.during_ms()) {
    enter(Phase::after);
  }
}

bool BlastRun::all_usual() const {
  return then_ && std::all_of(usual_.begin(), usual_.end(),
                              [this](const auto& one) { return one.is_usual(*then_, *now_); });
}

void BlastRun::watch_after() {
  frames_.after.push_back(*now_);
  follow();
  const int64_t now_ms = clock_.steady_ms();
  if (!all_usual()) {
    usual_since_ms_ = 0;
  } else if (usual_since_ms_ == 0) {
    usual_since_ms_ = now_ms;
  }
  const bool recovered = usual_since_ms_ != 0 && now_ms - usual_since_ms_ >= kUsualForMs;
  const bool is_off = cell_.state.proven_off_at_ms != 0 || in_phase_ms() > kProvenOffWithinMs;
  if ((recovered && is_off) || in_phase_ms() > request_.recovers_within_ms()) finish();
}

void BlastRun::finish() {
  if (cell_.refusal.empty()) cell_.effects = effects_of(cell_.fault, frames_);
  cells_.push_back(std::move(cell_));
  cell_ = {};
  frames_ = {};
  if (!done()) cell_.fault = plan_[cells_.size()];
  enter(Phase::settling);
}

Status BlastRun::step() {
  HAIL_RETURN_IF_ERROR(look());
  if (!is_new_ || done()) return {};
  switch (phase_) {
    case Phase::settling:
      settle();
      break;
    case Phase::before:
      watch_before();
      break;
    case Phase::during:
      watch_during();
      break;
    case Phase::after:
      watch_after();
      break;
  }
  return {};
}

std::string BlastRun::line() const {
  static constexpr const char* kPhases[] = {"settling", "before", "during", "after"};
  return fmt::format("  {} of {}: {} {}, {}", std::min(cells_.size() + 1, plan_.size()),
                     plan_.size(), name_of(cell_.fault.action), cell_.fault.target,
                     kPhases[static_cast<int>(phase_)]);
}

}  // namespace hailstorm::lab

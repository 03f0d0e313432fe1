#include "services/lab/faults/lease.h"

#include <algorithm>

#include "common/base/logging.h"

namespace hailstorm::lab {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookAtClockEvery(10);
constexpr int kRevertsAtTheEnd = 3;

std::chrono::steady_clock::time_point from_now(milliseconds duration) {
  return std::chrono::steady_clock::now() + duration;
}

bool is_before(std::chrono::steady_clock::time_point deadline) {
  return std::chrono::steady_clock::now() < deadline;
}

}  // namespace

Lease::Lease(FaultRequest request, std::unique_ptr<Fault> fault, const Clock& clock,
             LeaseTimes times)
    : clock_(clock),
      times_(times),
      proof_deadline_(from_now(times.proof)),
      fault_(std::move(fault)) {
  state_.request = std::move(request);
  state_.asked_at_ms = clock_.wall_ms();
  thread_ = std::thread([this] { run(); });
}

Lease::~Lease() {
  {
    const std::lock_guard lock(mutex_);
    is_asked_to_end_ = is_closing_ = has_looked_enough_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Lease::change(const std::function<void(FaultState&)>& by) {
  {
    const std::lock_guard lock(mutex_);
    by(state_);
    if (!state_.request.id.empty()) {
      log_info("a fault changed", {{"id", state_.request.id},
                                   {"target", state_.request.target},
                                   {"action", name_of(state_.request.action)},
                                   {"phase", name_of(state_.phase)},
                                   {"evidence", state_.evidence}});
    }
  }
  changed_.notify_all();
}

void Lease::pause(milliseconds duration, const bool& unless) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, duration, [&unless] { return unless; });
}

void Lease::run() {
  if (inject()) {
    prove();
    wait_for_end();
    revert();
    prove_off();
  }
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
}

bool Lease::inject() {
  Status injected = fault_->inject();
  if (injected.ok()) {
    change([this](FaultState& state) {
      ends_at_ms_ = clock_.steady_ms() + state.request.duration_ms;
      state.phase = FaultPhase::injected;
      state.injected_at_ms = clock_.wall_ms();
      state.reverts_at_ms = state.injected_at_ms + state.request.duration_ms;
      state.details = fault_->details();
    });
    return true;
  }
  if (const Status undone = fault_->revert(); !undone.ok()) {
    log_error("a fault that could not be injected could not be undone", {undone.error()});
  }
  {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(injected).error();
  }
  changed_.notify_all();
  return false;
}

Probe Lease::look_for(Effect wanted, const std::function<bool()>& looking) {
  for (;;) {
    Probe probe = fault_->is_in_effect();
    if (probe.effect == wanted || !looking()) return probe;
    pause(times_.between_looks, has_looked_enough_);
  }
}

void Lease::prove() {
  const Probe probe = look_for(Effect::on, [this] {
    const std::lock_guard lock(mutex_);
    return is_before(proof_deadline_) && !is_asked_to_end_;
  });
  change([&](FaultState& state) {
    const bool is_proven = probe.effect == Effect::on;
    state.phase = is_proven ? FaultPhase::proven : FaultPhase::not_proven;
    if (is_proven) state.proven_at_ms = clock_.wall_ms();
    state.evidence = probe.evidence;
    state.details = fault_->details();
  });
}

void Lease::wait_for_end() {
  std::unique_lock lock(mutex_);
  while (!is_asked_to_end_ && clock_.steady_ms() < ends_at_ms_) {
    changed_.wait_for(lock, kLookAtClockEvery);
  }
}

void Lease::revert() {
  int left = kRevertsAtTheEnd;
  for (;;) {
    const Status reverted = fault_->revert();
    if (reverted.ok()) break;
    log_error("a fault could not be reverted; it is tried again", {reverted.error()});
    change([&](FaultState& state) {
      state.evidence = "cannot revert: " + reverted.error().message();
    });
    {
      const std::lock_guard lock(mutex_);
      if (is_closing_ && --left == 0) return;
    }
    pause(times_.between_reverts, is_closing_);
  }
  change([this](FaultState& state) {
    const bool was_proven = state.phase == FaultPhase::proven;
    if (was_proven) state.phase = FaultPhase::reverted;
    state.reverted_at_ms = clock_.wall_ms();
  });
}

void Lease::prove_off() {
  const auto deadline = from_now(times_.off_proof);
  const auto looking = [&] {
    const std::lock_guard lock(mutex_);
    return is_before(deadline) && !has_looked_enough_;
  };
  if (!looking()) return;
  const Probe probe = look_for(Effect::off, looking);
  change([&](FaultState& state) {
    state.evidence += "; afterwards: " + probe.evidence;
    state.details = fault_->details();
    if (probe.effect != Effect::off) return;
    state.proven_off_at_ms = clock_.wall_ms();
    if (state.phase == FaultPhase::reverted) state.phase = FaultPhase::proven_off;
  });
}

FaultState Lease::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

Result<FaultState> Lease::await_proof() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] {
    return failure_ || (state_.phase != FaultPhase::asked && state_.phase != FaultPhase::injected);
  });
  if (failure_) return *failure_;
  return state_;
}

void Lease::end() {
  {
    const std::lock_guard lock(mutex_);
    is_asked_to_end_ = true;
  }
  changed_.notify_all();
}

bool Lease::await_revert(milliseconds patience) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience,
                           [this] { return is_over_ || state_.reverted_at_ms != 0; });
}

void Lease::stop_looking() {
  {
    const std::lock_guard lock(mutex_);
    has_looked_enough_ = true;
  }
  changed_.notify_all();
}

bool Lease::is_over() const {
  const std::lock_guard lock(mutex_);
  return is_over_;
}

bool Lease::holds() const {
  const std::lock_guard lock(mutex_);
  return !is_over_ && state_.reverted_at_ms == 0;
}

}  // namespace hailstorm::lab

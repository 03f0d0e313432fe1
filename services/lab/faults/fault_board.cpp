#include "services/lab/faults/fault_board.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <utility>

#include "common/base/time_text.h"

namespace hailstorm::lab {
namespace {

constexpr std::chrono::milliseconds kRevertPatience(2'000);

bool is_of(const FaultState& state, const std::string& target, FaultAction action) {
  return state.request.target == target && state.request.action == action;
}

std::string end_text(const FaultState& fault, int64_t now_ms) {
  if (fault.reverts_at_ms == 0) return "about to begin";
  if (fault.reverts_at_ms <= now_ms) return "about to end";
  return fmt::format("until {}, in {} s", time_text(fault.reverts_at_ms),
                     (fault.reverts_at_ms - now_ms + 999) / 1'000);
}

Error held_by(const FaultState& holder, int64_t now_ms) {
  const auto& request = holder.request;
  return {FaultErrc::held,
          fmt::format("{} of {} is on already: fault {} of {}, {}", name_of(request.action),
                      request.target, request.id, request.by.empty() ? "nobody" : request.by,
                      end_text(holder, now_ms))};
}

bool fits_into_a_path(const std::string& id) {
  return id.size() <= 64 && std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return c < 128 && (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.');
         });
}

/// What a fault is done to: for those who gave it another target.
const char* target_of(FaultAction action) {
  switch (action) {
    case FaultAction::latency:
    case FaultAction::bandwidth:
    case FaultAction::timeout:
    case FaultAction::reset_peer:
    case FaultAction::slicer:
    case FaultAction::limit_data:
      return "a link, such as payment:broker";
    case FaultAction::poison:
    case FaultAction::duplicate:
      return "a topic, such as ride_matched";
    case FaultAction::redeliver:
      return "a group, such as payment";
    default:
      return "a process, such as payment";
  }
}

Error unknown(const std::string& id) {
  return {FaultErrc::unknown_fault, fmt::format("no fault has the id {}", id)};
}

}  // namespace

FaultBoard::FaultBoard(std::vector<FaultMaker> makers, const Clock& clock, LeaseTimes times)
    : makers_(std::move(makers)), clock_(clock), times_(times) {}

FaultBoard::~FaultBoard() { close(); }

Result<std::unique_ptr<Fault>> FaultBoard::make(const FaultRequest& request) const {
  for (const auto& maker : makers_) {
    auto fault = maker(request);
    if (fault.ok() || !fault.error().is(FaultErrc::unknown_target)) return fault;
  }
  return Error(FaultErrc::unknown_target,
               fmt::format("{} of {}: there is no such target here; it needs {}",
                           name_of(request.action), request.target, target_of(request.action)));
}

FaultBoard::Shared FaultBoard::holder_locked(const std::string& target, FaultAction action) const {
  for (const auto& lease : leases_) {
    if (lease->holds() && is_of(lease->state(), target, action)) return lease;
  }
  return nullptr;
}

std::optional<FaultState> FaultBoard::holder_of(const std::string& target,
                                                FaultAction action) const {
  const std::lock_guard lock(mutex_);
  const Shared holder = holder_locked(target, action);
  if (holder == nullptr) return std::nullopt;
  return holder->state();
}

Status FaultBoard::admit_locked(FaultRequest& request) {
  if (is_closed_) return Error(FaultErrc::not_possible, "this agent is about to end");
  if (const Shared holder = holder_locked(request.target, request.action)) {
    return held_by(holder->state(), clock_.wall_ms());
  }
  if (!fits_into_a_path(request.id)) {
    return Error(FaultErrc::bad_request, "id may have up to 64 letters, digits, dots, - and _");
  }
  const auto has_id = [&](const FaultState& state) { return state.request.id == request.id; };
  if (request.id.empty()) {
    request.id = fmt::format("fault-{}-{}", clock_.wall_ms(), ++ids_);
  } else if (std::any_of(ended_.begin(), ended_.end(), has_id) ||
             std::any_of(leases_.begin(), leases_.end(),
                         [&](const Shared& one) { return has_id(one->state()); })) {
    return Error(FaultErrc::bad_request, fmt::format("id {} is taken already", request.id));
  }
  if (leases_.size() >= kMostOn) {
    return Error(FaultErrc::not_possible, fmt::format("{} faults are on already", kMostOn));
  }
  return {};
}

Result<FaultState> FaultBoard::ask(FaultRequest request) {
  Shared lease;
  {
    const std::lock_guard lock(mutex_);
    file_ended_locked();
    HAIL_RETURN_IF_ERROR(admit_locked(request));
    HAIL_ASSIGN_OR_RETURN(auto fault, make(request));
    for (const auto& former : leases_) {
      if (is_of(former->state(), request.target, request.action)) former->stop_looking();
    }
    lease = std::make_shared<Lease>(std::move(request), std::move(fault), clock_, times_);
    leases_.push_back(lease);
  }
  auto state = lease->await_proof();
  if (!state.ok()) {
    const std::lock_guard lock(mutex_);
    std::erase(leases_, lease);
  }
  return state;
}

void FaultBoard::file_ended_locked() {
  for (const auto& lease : leases_) {
    if (lease->is_over() && lease->state().injected_at_ms != 0) ended_.push_back(lease->state());
  }
  std::erase_if(leases_, [](const Shared& lease) { return lease->is_over(); });
  while (ended_.size() > kMostEnded) ended_.pop_front();
}

std::vector<FaultState> FaultBoard::list() {
  const std::lock_guard lock(mutex_);
  file_ended_locked();
  std::vector<FaultState> all(ended_.begin(), ended_.end());
  for (const auto& lease : leases_) all.push_back(lease->state());
  std::stable_sort(all.begin(), all.end(), [](const FaultState& a, const FaultState& b) {
    return a.asked_at_ms < b.asked_at_ms;
  });
  return all;
}

Result<FaultState> FaultBoard::find(const std::string& id) {
  for (auto& state : list()) {
    if (state.request.id == id) return std::move(state);
  }
  return unknown(id);
}

Result<FaultState> FaultBoard::revert(const std::string& id) {
  for (const auto& lease : holding()) {
    if (lease->state().request.id != id) continue;
    lease->end();
    lease->await_revert(kRevertPatience);
    return lease->state();
  }
  return find(id);
}

std::vector<FaultBoard::Shared> FaultBoard::holding() {
  const std::lock_guard lock(mutex_);
  std::vector<Shared> all;
  for (const auto& lease : leases_) {
    if (lease->holds()) all.push_back(lease);
  }
  return all;
}

size_t FaultBoard::reset() {
  const auto all = holding();
  for (const auto& lease : all) lease->end();
  for (const auto& lease : all) lease->await_revert(kRevertPatience);
  return all.size();
}

void FaultBoard::close() {
  std::vector<Shared> all;
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    all = std::exchange(leases_, {});
  }
  for (const auto& lease : all) lease->end();  // all at once; each then ends in its turn
}

}  // namespace hailstorm::lab

#include "services/lab/experiments/frame_watch.h"

#include <chrono>
#include <fmt/format.h>
#include <utility>

#include "common/json/json.h"

namespace hailstorm::lab {
namespace {

constexpr auto kFrameEvery = std::chrono::milliseconds(200);
constexpr int kFrameTimeoutMs = 2'000;

/// How far a fault has come.
std::pair<int, FaultPhase> progress_of(const FaultState& state) {
  int times = 0;
  for (const int64_t at_ms :
       {state.injected_at_ms, state.proven_at_ms, state.reverted_at_ms, state.proven_off_at_ms}) {
    times += at_ms != 0 ? 1 : 0;
  }
  return {times, state.phase};
}

}  // namespace

std::string phase_text(const FaultState& state) {
  const auto& request = state.request;
  std::string text =
      fmt::format("{} {}: {}", name_of(request.action), request.target, name_of(state.phase));
  if (!state.evidence.empty()) text += " (" + state.evidence + ")";
  return text;
}

FrameWatch::FrameWatch(ExperimentLab& lab, int64_t start_ms, Narrator& narrator)
    : lab_(lab), narrator_(narrator), series_(start_ms), thread_(kFrameEvery, [this] {
        look();
        return true;
      }) {}

void FrameWatch::look() {
  http::Request request;
  request.path = "/api/state";
  const auto response = lab_.send(request, kFrameTimeoutMs);
  if (!response.ok() || response->status != 200) return;
  if (const auto frame = json::parse(response->body); frame.ok()) take(*frame);
}

void FrameWatch::take(const json::Value& frame) {
  series_.add(frame);
  const auto* faults = frame.find("faults");
  const auto* list = faults == nullptr ? nullptr : faults->find("list");
  if (list == nullptr || list->elements() == nullptr) return;
  for (const auto& one : *list->elements()) {
    const auto state = fault_state_of(one);
    if (!state.ok()) continue;
    std::string action;
    {
      const std::lock_guard lock(mutex_);
      const auto known = faults_.find(state->request.id);
      if (known == faults_.end()) continue;  // another's
      action = known->second.action;
    }
    note(action, *state);
  }
}

void FrameWatch::note(const std::string& action, const FaultState& state) {
  {
    const std::lock_guard lock(mutex_);
    auto& known = faults_[state.request.id];
    const bool is_first = known.action.empty();
    // A frame that was made before an answer may be read after it.
    if (!is_first && progress_of(state) < progress_of(known.state)) return;
    const bool is_new = is_first || known.state.phase != state.phase;
    known = {action, state};
    if (!is_new) return;
  }
  narrator_.say_at(phase_text(state));
}

std::map<std::string, ExperimentFault> FrameWatch::faults() {
  const std::lock_guard lock(mutex_);
  return faults_;
}

void FrameWatch::take_into(ExperimentRun& run) {
  run.series = std::move(series_);
  run.faults = faults();
}

}  // namespace hailstorm::lab

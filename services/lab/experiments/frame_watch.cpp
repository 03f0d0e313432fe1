#include "services/lab/experiments/frame_watch.h"

#include <chrono>
#include <fmt/format.h>

#include "common/json/json.h"

namespace hailstorm::lab {
namespace {

constexpr auto kFrameEvery = std::chrono::milliseconds(200);
constexpr int kFrameTimeoutMs = 2'000;

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
    const bool is_new = known.action.empty() || known.state.phase != state.phase;
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

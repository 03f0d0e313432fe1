#include "services/lab/experiments/runner.h"

#include <cmath>
#include <fmt/format.h>

#include "services/lab/experiments/ask.h"
#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/steady_watch.h"

namespace hailstorm::lab {
namespace {

constexpr int kTimeoutMs = 60'000;
constexpr int kPauseStepMs = 200;
constexpr int64_t kRidersBeginWithinMs = 20'000;
constexpr int64_t kFaultsEndWithinMs = 10'000;
constexpr int64_t kEndWithinMsInTrouble = 3'000;

bool asks_for_fault(const PlannedActivity& planned) {
  return planned.request.method == "POST" && planned.request.path == "/api/faults";
}

/// The reason in an RFC 9457 problem, or the whole body.
std::string reason_in(const ActivityRun& run) {
  const auto* body = run.output.find("body");
  if (body == nullptr) return run.exception;
  const auto* words = body->text();
  const auto parsed = words != nullptr ? json::parse(*words) : Result<json::Value>(*body);
  const auto* detail = parsed.ok() ? parsed->find("detail") : nullptr;
  if (detail != nullptr && detail->text() != nullptr) return *detail->text();
  return words != nullptr ? *words : json::to_text(*body);
}

std::string lanes_text(const std::vector<std::string>& lanes) {
  std::string text;
  for (const auto& lane : lanes) text += (text.empty() ? "" : " and ") + lane;
  return text;
}

}  // namespace

ExperimentRunner::ExperimentRunner(ExperimentLab& lab, std::string authorization,
                                   const Clock& clock, StopSignal& stop, Narrator& narrator)
    : lab_(lab),
      authorization_(std::move(authorization)),
      clock_(clock),
      stop_(stop),
      narrator_(narrator) {}

ExperimentRunner::~ExperimentRunner() { join_background(); }

void ExperimentRunner::trouble(const std::string& what) {
  {
    const std::lock_guard lock(mutex_);
    if (run_.trouble.empty()) run_.trouble = what;
  }
  narrator_.say_at(what);
}

bool ExperimentRunner::is_in_trouble() {
  const std::lock_guard lock(mutex_);
  return !run_.trouble.empty();
}

ExperimentRun ExperimentRunner::run(const Experiment& experiment, const ExperimentPlan& plan) {
  run_ = ExperimentRun();
  run_.experiment = experiment;
  run_.start_ms = clock_.wall_ms();
  narrator_.begin();
  frames_ = std::make_unique<FrameWatch>(lab_, run_.start_ms, narrator_);
  if (start_riders() && look_once(Moment::before, plan, run_.before)) {
    run_method(plan);
    if (run_.trouble.empty()) {
      end_riders();
      (void)look_once(Moment::after, plan, run_.after);
    }
  }
  if (stop_.requested()) {
    run_.is_interrupted = true;
    if (run_.trouble.empty()) run_.trouble = "It was stopped before the end";
  }
  run_rollbacks(plan);
  read_ends_of_faults();
  if (!run_.is_interrupted) {
    if (auto audit = read("/api/audit"); audit.ok()) run_.audit = std::move(*audit);
  }
  frames_->end();
  frames_->take_into(run_);
  run_.end_ms = clock_.wall_ms();
  return std::move(run_);
}

bool ExperimentRunner::start_riders() {
  const auto& traffic = run_.experiment.hailstorm.traffic;
  if (!traffic) return true;
  const auto set =
      change("PUT", "/api/traffic", {{"rate", traffic->rate}, {"lanes", traffic->lanes}});
  if (!set.ok()) {
    trouble("no riders could be started: " + set.error().message());
    return false;
  }
  narrator_.say_at(
      fmt::format("riders: {:g} a second on {}", traffic->rate, lanes_text(traffic->lanes)));
  const std::string path = "/api/value/lanes." + traffic->lanes.front() + ".accepted";
  const int64_t began_ms = clock_.steady_ms();
  while (clock_.steady_ms() - began_ms < kRidersBeginWithinMs) {
    const auto accepted = read(path);
    if (accepted.ok() && accepted->number().value_or(0) > 0) return true;
    if (stop_.wait_for(kPauseStepMs)) return false;
  }
  trouble("no ride was accepted at all");
  return false;
}

void ExperimentRunner::end_riders() {
  if (!run_.experiment.hailstorm.traffic || stop_.requested()) return;
  const auto set = change("PUT", "/api/traffic", {{"rate", 0}});
  if (!set.ok()) return trouble("the riders could not be ended: " + set.error().message());
  narrator_.say_at("the riders end; waiting until their rides are settled");
  (void)read("/api/audit?within_s=50");
}

bool ExperimentRunner::look_once(Moment moment, const ExperimentPlan& plan,
                                 std::optional<SteadyState>& into) {
  if (stop_.requested()) return false;
  SteadyState state = look(lab_, run_.experiment, plan.probes, moment, clock_);
  if (state.probes.empty()) return true;
  narrator_.say(fmt::format("Steady state {}: {}", name_of(moment), run_.experiment.hypothesis));
  for (const auto& probe : state.probes) {
    narrator_.say(fmt::format("  {:<9} {}: {}", probe.measured->is_met ? "right" : "NOT RIGHT",
                              probe.name, probe.measured->seen));
  }
  const bool is_met = state.is_met;
  into = std::move(state);
  return is_met;
}

void ExperimentRunner::run_method(const ExperimentPlan& plan) {
  narrator_.say(fmt::format("Method: {} activities; a look at the steady state every {:g} s",
                            plan.method.size(), run_.experiment.hailstorm.every_s));
  SteadyWatch watch(lab_, run_.experiment, plan.probes, clock_, narrator_);
  for (const auto& planned : plan.method) {
    if (stop_.requested() || is_in_trouble()) break;
    if (planned.activity.background) {
      run_in_background(planned);
    } else {
      started_.push_back(std::make_unique<ActivityRun>());
      pause(planned.activity.before_s);
      send_activity(planned, *started_.back());
      if (!is_in_trouble()) pause(planned.activity.after_s);
    }
  }
  join_background();
  watch.end();
  watch.take_into(run_);
  for (auto& one : started_) {
    if (one->start_ms != 0) run_.method.push_back(std::move(*one));
  }
  started_.clear();
  if (run_.looks == 0) return;
  narrator_.say(fmt::format(
      "Steady state during: {} looks, {}", run_.looks,
      run_.deviations == 0 ? "all right" : fmt::format("{} NOT RIGHT", run_.deviations)));
}

void ExperimentRunner::run_in_background(const PlannedActivity& planned) {
  started_.push_back(std::make_unique<ActivityRun>());
  background_.emplace_back([this, &planned, &slot = *started_.back()] {
    // Without pause(), whose line on the terminal is the main thread's.
    if (stop_.wait_for(static_cast<int>(std::lround(planned.activity.before_s * 1000)))) return;
    send_activity(planned, slot);
    (void)stop_.wait_for(static_cast<int>(std::lround(planned.activity.after_s * 1000)));
  });
}

void ExperimentRunner::join_background() {
  for (auto& one : background_) one.join();
  background_.clear();
}

void ExperimentRunner::send_activity(const PlannedActivity& planned, ActivityRun& slot) {
  if (stop_.requested()) return;
  ActivityRun run = ask(lab_, planned, clock_);
  narrator_.say_at(
      fmt::format("{} \"{}\": {}", run.kind == ActivityKind::action ? "action" : "probe", run.name,
                  run.is_answered() ? fmt::format("HTTP {}", run.status) : run.exception));
  note_answer(planned, run);
  slot = std::move(run);
}

void ExperimentRunner::note_answer(const PlannedActivity& planned, const ActivityRun& run) {
  if (!run.is_answered()) {
    return trouble(fmt::format("\"{}\" was not answered: {}", run.name, run.exception));
  }
  if (run.status >= 400) {
    // Chaos Toolkit goes on then; here nothing would be tested.
    return trouble(
        fmt::format("\"{}\" was refused, HTTP {}: {}", run.name, run.status, reason_in(run)));
  }
  if (!asks_for_fault(planned)) return;
  const auto* body = run.output.find("body");
  const auto state = fault_state_of(*body);
  if (!state.ok()) {
    return trouble(
        fmt::format("\"{}\" was answered with no fault: {}", run.name, state.error().message()));
  }
  frames_->note(run.name, *state);
}

void ExperimentRunner::pause(double seconds) {
  if (seconds <= 0) return;
  const int64_t end_ms = clock_.steady_ms() + std::llround(seconds * 1000);
  if (seconds >= 1) narrator_.say_at(fmt::format("pause of {:g} s", seconds));
  for (;;) {
    const int64_t left_ms = end_ms - clock_.steady_ms();
    if (left_ms <= 0) return;
    if (seconds >= 1) narrator_.show(fmt::format("  pause, {} s left", (left_ms + 999) / 1000));
    if (stop_.wait_for(static_cast<int>(std::min<int64_t>(left_ms, kPauseStepMs)))) return;
  }
}

void ExperimentRunner::run_rollbacks(const ExperimentPlan& plan) {
  if (!plan.rollbacks.empty()) narrator_.say("Rollbacks");
  for (const auto& planned : plan.rollbacks) {
    if (!run_.is_interrupted) pause(planned.activity.before_s);
    ActivityRun run = ask(lab_, planned, clock_);
    narrator_.say_at(
        fmt::format("\"{}\": {}", run.name,
                    run.is_answered() ? fmt::format("HTTP {}", run.status) : run.exception));
    run_.rollbacks.push_back(std::move(run));
    if (!run_.is_interrupted) pause(planned.activity.after_s);
  }
  if (run_.is_interrupted || !run_.trouble.empty()) reset_faults();
}

void ExperimentRunner::reset_faults() {
  if (!frames_->faults().empty()) (void)change("POST", "/api/faults/reset", json::Value::object());
  if (run_.experiment.hailstorm.traffic) (void)change("PUT", "/api/traffic", {{"rate", 0}});
}

void ExperimentRunner::read_ends_of_faults() {
  const int64_t began_ms = clock_.steady_ms();
  bool is_reset = false;
  for (;;) {
    bool are_all_off = true;
    bool is_one_on = false;
    for (const auto& [id, fault] : frames_->faults()) {
      if (fault.state.phase == FaultPhase::proven_off) continue;
      const auto document = read("/api/faults/" + id);
      const auto state = document.ok() ? fault_state_of(*document) : document.error();
      if (state.ok()) frames_->note(fault.action, *state);
      are_all_off = are_all_off && state.ok() && state->phase == FaultPhase::proven_off;
      is_one_on = is_one_on || (state.ok() && state->is_on());
    }
    if (is_one_on && !is_reset) reset_faults();
    is_reset = is_reset || is_one_on;
    const int64_t within_ms = run_.trouble.empty() ? kFaultsEndWithinMs : kEndWithinMsInTrouble;
    const bool is_late = clock_.steady_ms() - began_ms > within_ms;
    if (are_all_off || is_late) return;
    if (run_.is_interrupted ? !is_one_on : stop_.wait_for(kPauseStepMs)) return;
  }
}

Result<json::Value> ExperimentRunner::change(const std::string& method, const std::string& path,
                                             const json::Value& body) {
  http::Request request;
  request.method = method;
  request.path = path;
  request.body = json::to_text(body);
  request.headers = {{"Content-Type", "application/json"}, {"Authorization", authorization_}};
  HAIL_ASSIGN_OR_RETURN(const auto response, lab_.send(request, kTimeoutMs));
  if (response.status < 300) return json::parse(response.body);
  return Error(ExperimentErrc::not_ready,
               fmt::format("HTTP {}: {}", response.status, response.body));
}

Result<json::Value> ExperimentRunner::read(const std::string& path) {
  http::Request request;
  request.path = path;
  HAIL_ASSIGN_OR_RETURN(const auto response, lab_.send(request, kTimeoutMs));
  if (response.status == 200) return json::parse(response.body);
  return Error(ExperimentErrc::not_ready,
               fmt::format("HTTP {}: {}", response.status, response.body));
}

}  // namespace hailstorm::lab

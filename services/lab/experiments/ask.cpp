#include "services/lab/experiments/ask.h"

namespace hailstorm::lab {
namespace {

constexpr size_t kMaxKeptBytes = 256 << 10;

/// As Chaos Toolkit reads it: JSON only where the type is exactly that.
json::Value body_as_value(const http::Response& response) {
  if (response.body.size() > kMaxKeptBytes) return json::Value("(a body too large to keep)");
  if (response.content_type == "application/json") {
    auto parsed = json::parse(response.body);
    if (parsed.ok()) return std::move(*parsed);
  }
  return json::Value(response.body);
}

ProbeAnswer probe_answer_of(const http::Response& response) {
  ProbeAnswer answer;
  answer.status = response.status;
  for (const auto& [name, value] : response.headers) answer.headers.add(name, value);
  answer.body = body_as_value(response);
  return answer;
}

}  // namespace

ActivityRun ask(ExperimentLab& lab, const PlannedActivity& planned, const Clock& clock) {
  ActivityRun run;
  run.kind = planned.activity.kind;
  run.name = planned.activity.name;
  run.document = planned.activity.document;
  run.start_ms = clock.wall_ms();
  const auto response = lab.send(planned.request, planned.timeout_ms);
  run.end_ms = clock.wall_ms();
  if (!response.ok()) {
    run.exception = response.error().message();
    if (planned.activity.tolerance) run.measured = Measured{false, run.exception};
    return run;
  }
  const ProbeAnswer answer = probe_answer_of(*response);
  run.status = answer.status;
  if (planned.activity.tolerance) run.measured = measure(*planned.activity.tolerance, answer);
  run.output = {{"status", answer.status}, {"headers", answer.headers}, {"body", answer.body}};
  return run;
}

SteadyState look(ExperimentLab& lab, const Experiment& experiment,
                 const std::vector<PlannedActivity>& probes, Moment moment, const Clock& clock) {
  SteadyState state;
  state.at_ms = clock.wall_ms();
  for (const auto& probe : probes) {
    if (!experiment.moments_of(probe.activity).contains(moment)) continue;
    state.probes.push_back(ask(lab, probe, clock));
    const ActivityRun& run = state.probes.back();
    state.is_answered = run.is_answered();
    state.is_met = run.measured && run.measured->is_met;
    if (!state.is_met) break;
  }
  return state;
}

}  // namespace hailstorm::lab

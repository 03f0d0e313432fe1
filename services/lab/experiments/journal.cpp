#include "services/lab/experiments/journal.h"

#include <algorithm>
#include <sys/utsname.h>

#include "common/base/time_text.h"
#include "services/lab/experiments/predictions.h"

namespace hailstorm::lab {
namespace {

// The version of chaostoolkit-lib whose journal this is.
constexpr const char* kJournalVersion = "1.44.0";

double seconds_of(int64_t from_ms, int64_t to_ms) {
  return static_cast<double>(to_ms - from_ms) / 1e3;
}

json::Value activity_json(const ActivityRun& run) {
  json::Value entry = {{"activity", run.document},
                       {"output", run.output},
                       {"start", journal_time(run.start_ms)},
                       {"status", run.is_answered() ? "succeeded" : "failed"}};
  if (!run.is_answered()) {
    json::Value exception = json::Value::array();
    exception.push_back(run.exception);
    entry.add("exception", std::move(exception));
  }
  entry.add("end", journal_time(run.end_ms));
  entry.add("duration", seconds_of(run.start_ms, run.end_ms));
  if (run.measured) entry.add("tolerance_met", run.measured->is_met);
  return entry;
}

json::Value all_activities(const std::vector<ActivityRun>& runs) {
  json::Value list = json::Value::array();
  for (const auto& run : runs) list.push_back(activity_json(run));
  return list;
}

json::Value state_json(const SteadyState& state) {
  return {{"steady_state_met", state.is_met}, {"probes", all_activities(state.probes)}};
}

json::Value state_json(const std::optional<SteadyState>& state) {
  return state ? state_json(*state) : json::Value();
}

json::Value steady_states(const ExperimentRun& run) {
  json::Value during = json::Value::array();
  for (const auto& state : run.during) during.push_back(state_json(state));
  return {{"before", state_json(run.before)},
          {"after", state_json(run.after)},
          {"during", std::move(during)}};
}

bool is_unanswered(const std::optional<SteadyState>& state) { return state && !state->is_answered; }

std::string status_of(const ExperimentRun& run) {
  if (run.is_interrupted) return "interrupted";
  if (!run.trouble.empty()) return "aborted";
  return is_unanswered(run.before) || is_unanswered(run.after) ? "failed" : "completed";
}

json::Value faults_json(const ExperimentRun& run) {
  json::Value list = json::Value::array();
  for (const ExperimentFault* fault : run.faults_in_order()) {
    json::Value one = to_json(fault->state);
    one.add("asked_by", fault->action);
    list.push_back(std::move(one));
  }
  return list;
}

json::Value predictions_json(const ExperimentRun& run) {
  json::Value list = json::Value::array();
  for (const auto& one : compare_predictions(run)) {
    list.push_back({{"name", one.name},
                    {"predicted", one.predicted},
                    {"came", one.came},
                    {"seen", one.seen},
                    {"right", one.is_right()}});
  }
  return list;
}

json::Value ours(const ExperimentRun& run, const ExperimentConclusion& conclusion) {
  return {{"seed", run.seed},
          {"lab", run.lab},
          {"verdict", name_of(conclusion.verdict)},
          {"reason", conclusion.reason},
          {"looks", {{"during", run.looks}, {"not_right", run.deviations}}},
          {"faults", faults_json(run)},
          {"predictions", predictions_json(run)},
          {"audit", run.audit}};
}

}  // namespace

std::string journal_time(int64_t wall_ms) {
  std::string text = time_text(wall_ms);  // ends with "Z"
  if (text.ends_with('Z')) text.replace(text.size() - 1, 1, "000+00:00");
  return text;
}

json::Value journal_of(const ExperimentRun& run, const ExperimentConclusion& conclusion) {
  utsname machine{};
  ::uname(&machine);
  const bool after_deviates = run.after && !run.after->is_met;
  return {
      {"chaoslib-version", kJournalVersion},
      {"platform", std::string(machine.sysname) + "-" + machine.release + "-" + machine.machine},
      {"node", machine.nodename},
      {"experiment", run.experiment.document},
      {"start", journal_time(run.start_ms)},
      {"status", status_of(run)},
      {"deviated", after_deviates || run.deviations > 0},
      {"steady_states", steady_states(run)},
      {"run", all_activities(run.method)},
      {"rollbacks", all_activities(run.rollbacks)},
      {"end", journal_time(run.end_ms)},
      {"duration", seconds_of(run.start_ms, run.end_ms)},
      {"x-hailstorm", ours(run, conclusion)}};
}

}  // namespace hailstorm::lab

#include "services/lab/experiments/experiment_report.h"

#include <array>
#include <fmt/format.h>

#include "common/base/time_text.h"
#include "services/lab/experiments/predictions.h"
#include "services/lab/report/html.h"
#include "services/lab/report/plot.h"

namespace hailstorm::lab {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string heading(std::string_view words) {
  return fmt::format("<h2>{}</h2>\n", html_text(words));
}

std::string since(const ExperimentRun& run, int64_t at_ms) {
  return at_ms == 0 ? "never" : fmt::format("{:.2f} s", run.series.seconds(at_ms));
}

void add_state(Rows& rows, std::string_view moment, const std::optional<SteadyState>& state) {
  if (!state) return;
  for (const auto& probe : state->probes) {
    const bool is_met = probe.measured && probe.measured->is_met;
    rows.push_back({std::string(moment), probe.name, is_met ? "right" : "not right",
                    probe.measured ? probe.measured->seen : probe.exception});
  }
}

std::string steady_state_part(const ExperimentRun& run) {
  Rows rows;
  add_state(rows, "before", run.before);
  if (run.looks > 0) {
    rows.push_back(
        {"during", "all probes of that moment", run.deviations == 0 ? "right" : "not right",
         fmt::format("{} of {} looks were right", run.looks - run.deviations, run.looks)});
  }
  add_state(rows, "during, first deviation", run.first_deviation);
  add_state(rows, "after", run.after);
  return heading("Steady state: " + run.experiment.hypothesis) +
         to_html(HtmlTable{"", {"when", "probe", "result", "seen"}, std::move(rows)});
}

std::string faults_part(const ExperimentRun& run) {
  Rows rows;
  for (const ExperimentFault* fault : run.faults_in_order()) {
    const FaultState& state = fault->state;
    rows.push_back({fault->action,
                    fmt::format("{} {}", name_of(state.request.action), state.request.target),
                    since(run, state.asked_at_ms), since(run, state.injected_at_ms),
                    since(run, state.proven_at_ms), since(run, state.reverted_at_ms),
                    since(run, state.proven_off_at_ms), state.evidence});
  }
  if (rows.empty()) return heading("Faults") + "<p>There were none.</p>\n";
  return heading("Faults") + to_html(HtmlTable{"Times count from the beginning of the run.",
                                               {"action", "fault", "asked", "injected", "proven",
                                                "reverted", "proven off", "last evidence"},
                                               std::move(rows)});
}

std::string activities_part(const ExperimentRun& run) {
  Rows rows;
  for (const auto* part : {&run.method, &run.rollbacks}) {
    for (const auto& one : *part) {
      rows.push_back({since(run, one.start_ms), part == &run.method ? "method" : "rollback",
                      one.name,
                      one.is_answered() ? fmt::format("HTTP {}", one.status) : one.exception});
    }
  }
  return heading("What was done") +
         to_html(HtmlTable{"", {"at", "part", "activity", "answer"}, std::move(rows)});
}

std::vector<PlotBand> bands_of(const ExperimentRun& run) {
  std::vector<PlotBand> bands;
  for (const ExperimentFault* fault : run.faults_in_order()) {
    const FaultState& state = fault->state;
    if (state.injected_at_ms == 0) continue;
    const int64_t end_ms = state.reverted_at_ms != 0 ? state.reverted_at_ms : run.end_ms;
    bands.push_back({fmt::format("{} {}", name_of(state.request.action), state.request.target),
                     run.series.seconds(state.injected_at_ms), run.series.seconds(end_ms)});
  }
  return bands;
}

std::string plot_part(const ExperimentRun& run, std::string title, std::string unit,
                      const FrameSeries::Lines& lines) {
  Plot plot;
  plot.title = std::move(title);
  plot.unit = std::move(unit);
  plot.bands = bands_of(run);
  for (const auto& [name, points] : lines) plot.lines.push_back({name, points});
  return plot.lines.empty() ? "" : to_html(plot);
}

std::string predictions_part(const ExperimentRun& run) {
  Rows rows;
  for (const auto& one : compare_predictions(run)) {
    rows.push_back({one.name, one.predicted, one.came, one.seen, one.is_right() ? "yes" : "no"});
  }
  if (rows.empty()) return {};
  return heading("Predictions") +
         to_html(HtmlTable{
             "", {"lane or service", "predicted", "came", "seen", "right"}, std::move(rows)});
}

std::string audit_part(const ExperimentRun& run) {
  constexpr std::array kFields = {"requested", "accepted",   "settled",
                                  "lost",      "duplicated", "orphaned"};
  Rows rows;
  for (const char* lane : {"log", "chain"}) {
    const auto* found = run.audit.find(lane);
    if (found == nullptr) continue;
    std::vector<std::string> row = {lane};
    for (const char* field : kFields) {
      const auto* number = found->find(field);
      row.push_back(number == nullptr ? "-" : json::to_text(*number));
    }
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return {};
  std::vector<std::string> head = {"lane"};
  head.insert(head.end(), kFields.begin(), kFields.end());
  return heading("The audit, from the log and every store") +
         to_html(HtmlTable{"", std::move(head), std::move(rows)});
}

}  // namespace

std::string report_of(const ExperimentRun& run, const ExperimentConclusion& conclusion) {
  const bool is_good = conclusion.verdict == ExperimentVerdict::passed;
  std::string body = fmt::format(
      "<h1>{}</h1>\n<p>{}</p>\n<p class=\"verdict {}\">Verdict: {}. {}</p>\n"
      "<p class=\"soft\">Began {}, took {:.1f} s; seed {}; lab {}.</p>\n",
      html_text(run.experiment.title), html_text(run.experiment.description),
      is_good ? "good" : "bad", name_of(conclusion.verdict), html_text(conclusion.reason),
      time_text(run.start_ms), static_cast<double>(run.end_ms - run.start_ms) / 1e3, run.seed,
      html_text(run.lab));
  body += steady_state_part(run) + faults_part(run) + predictions_part(run);
  body += heading("Over time");
  body += plot_part(run, "Accepted", "% of the rides of the last 5 s", run.series.accepted_percent);
  body += plot_part(run, "Settled", "rides per second", run.series.settled_rate);
  body += plot_part(run, "p99 of the rider's wait", "ms, over the last 5 s", run.series.p99_ms);
  body += plot_part(run, "Lag", "records not committed yet, and outbox rows", run.series.lag);
  body += audit_part(run) + activities_part(run) + heading("The experiment");
  body += "<pre>" + html_text(json::to_text(run.experiment.document, json::Layout::indented)) +
          "</pre>\n";
  return html_page(run.experiment.title, body);
}

}  // namespace hailstorm::lab

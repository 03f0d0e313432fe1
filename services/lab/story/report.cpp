#include "services/lab/story/report.h"

#include <cmath>
#include <fmt/format.h>

#include "common/base/output_file.h"
#include "common/json/json.h"
#include "services/lab/audit/audit_text.h"

namespace hailstorm::lab {
namespace {

double rounded(double value) { return std::round(value * 1000) / 1000; }

json::Value lane_json(const LaneNumbers& numbers, int64_t peak_lag, double catch_up_s) {
  return {{"requested", numbers.requested()},
          {"accepted", numbers.accepted()},
          {"failed", numbers.failed()},
          {"p50_ms", rounded(numbers.latency_ms(0.5))},
          {"p99_ms", rounded(numbers.latency_ms(0.99))},
          {"max_ms", rounded(numbers.latency_ms(1))},
          {"peak_lag", peak_lag},
          {"catch_up_s", rounded(catch_up_s)}};
}

json::Value act_json(const ActResult& one) {
  json::Value log = lane_json(one.log, one.peak_lag, one.catch_up_s);
  log.add("drained_s", rounded(one.drained_s));
  log.add("caught_up", one.caught_up);
  return {{"name", one.act.name},
          {"fault",
           {{"services", one.act.targets()},
            {"kind", one.act.fault_word()},
            {"seconds", rounded(one.fault_seconds)}}},
          {"log", std::move(log)},
          {"chain", lane_json(one.chain, 0, 0)}};
}

}  // namespace

void StoryResult::add_trouble(const std::string& text) {
  trouble += (trouble.empty() ? "" : "; ") + text;
}

bool StoryResult::holds() const {
  if (!trouble.empty() || !audit.clean()) return false;
  if (alone) return audit.log.requested == rides && audit.log.accepted == audit.log.requested;
  int64_t requested = 0;
  int64_t accepted = 0;
  for (const auto& act : acts) {
    requested += act.log.requested();
    accepted += act.log.accepted();
  }
  return requested == rides && accepted == rides;
}

std::string StoryResult::log_failures() const {
  std::map<int, int64_t> failures;
  for (const auto& act : acts) {
    for (const auto& [status, count] : act.log.failures()) failures[status] += count;
  }
  std::string text;
  for (const auto& [status, count] : failures) {
    text += text.empty() ? " Not accepted: " : ", ";
    text += status == 0 ? fmt::format("{} without an answer", count)
                        : fmt::format("{} with HTTP {}", count, status);
  }
  return text.empty() ? text : text + ".";
}

std::string to_json(const StoryResult& result) {
  json::Value acts = json::Value::array();
  for (const auto& one : result.acts) acts.push_back(act_json(one));
  json::Value first_settled;  // null: none was
  if (result.first_settled_s) first_settled = rounded(*result.first_settled_s);
  json::Value peaks = json::Value::object();
  for (const auto& [name, peak_mb] : result.peak_rss_mb_of) peaks.add(name, rounded(peak_mb));
  const std::string audit = to_json(result.audit);
  json::Value document = {{"seed", result.seed},
                          {"trips",
                           {{"source", result.trips.source},
                            {"read", result.trips.read},
                            {"skipped", result.trips.skipped.count()},
                            {"skipped_for", result.trips.skipped.to_json()}}},
                          {"acts", std::move(acts)},
                          {"audit", json::parse(audit, audit.size()).value()},
                          {"platform",
                           {{"peak_rss_mb", rounded(result.peak_rss_mb)},
                            {"peak_rss_mb_of", std::move(peaks)},
                            {"start_to_first_settled_ride_s", std::move(first_settled)}}},
                          {"verdict", result.holds() ? "holds" : "broken"}};
  if (!result.trouble.empty()) document.add("trouble", result.trouble);
  return json::to_text(document, json::Layout::indented);
}

Status write_report(const StoryResult& result, const std::string& file) {
  HAIL_ASSIGN_OR_RETURN(const auto output, OutputFile::check(file));
  return output.write(to_json(result) + "\n");
}

}  // namespace hailstorm::lab

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "common/base/counted.h"
#include "services/lab/report/html.h"
#include "services/lab/storm/storm_result.h"

namespace hailstorm::lab {
namespace {

using Outcome = StormFault::Outcome;

std::string_view word_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::planned:
      return "not begun";
    case Outcome::refused:
      return "refused";
    case Outcome::on:
      return "on";
    case Outcome::proven_off:
      return "proven off";
    case Outcome::not_proven:
      return "not proven";
  }
  return "unknown";
}

std::vector<std::string> cells(const StormTally& one) {
  return {std::string(name_of(one.action)),
          std::to_string(one.injected),
          std::to_string(one.proven),
          std::to_string(one.not_proven),
          std::to_string(one.refused),
          fmt::format("{:.0f}", one.mean_proven_ms),
          fmt::format("{:.0f}", one.mean_off_ms)};
}

const std::vector<std::string> kHead = {"fault",   "injected",     "proven",          "not proven",
                                        "refused", "ms to proven", "ms to proven off"};

std::string line(const std::vector<std::string>& row) {
  return fmt::format("  {:<12}{:>10}{:>10}{:>12}{:>10}{:>14}{:>18}", row[0], row[1], row[2], row[3],
                     row[4], row[5], row[6]);
}

std::string audit_line(const char* lane, const LaneCounts& counts) {
  return fmt::format("  {:<6}{:>11}{:>10}{:>9}{:>7}{:>12}{:>10}", lane, counts.requested,
                     counts.accepted, counts.settled, counts.lost, counts.duplicated,
                     counts.orphaned);
}

std::string summary(const StormResult& result) {
  return fmt::format(
      "seed {}, {} in {:.1f} s, {:.0f} rides a second; all was settled after "
      "{:.1f} s more",
      result.request.seed, counted(result.injected(), "fault"), result.lasted_s,
      result.rides_per_second, result.end.settled_after_s);
}

/// Why faults were refused, each reason once.
std::set<std::string> refusals(const StormResult& result) {
  std::set<std::string> reasons;
  for (const auto& one : result.faults) {
    if (one.outcome == Outcome::refused) reasons.insert(one.refusal);
  }
  return reasons;
}

std::string not_proven_line(const StormFault& one) {
  return fmt::format("{} {}: {}", name_of(one.state.request.action), one.state.request.target,
                     one.state.evidence);
}

std::string verdict_line(const StormResult& result) {
  const auto& log = result.end.audit.log;
  return fmt::format(
      "Verdict: {}. {} rides were accepted on the log lane: {} lost, {} duplicated, "
      "{} orphaned.",
      result.verdict(), log.accepted, log.lost, log.duplicated, log.orphaned);
}

json::Value to_json(const StormFault& fault) {
  return {{"at_ms", fault.planned.at_ms},
          {"outcome", word_of(fault.outcome)},
          {"refusal", fault.refusal},
          {"fault", fault.outcome == Outcome::planned || fault.outcome == Outcome::refused
                        ? lab::to_json(fault.planned.request)
                        : lab::to_json(fault.state)}};
}

}  // namespace

std::vector<std::string> to_lines(const StormResult& result) {
  std::vector<std::string> lines = {"", "The storm: " + summary(result), line(kHead)};
  for (const auto& one : result.tallies()) lines.push_back(line(cells(one)));
  for (const auto& reason : refusals(result)) lines.push_back("  refused: " + reason);
  for (const auto& one : result.faults) {
    if (one.outcome == Outcome::not_proven)
      lines.push_back("  not proven: " + not_proven_line(one));
  }
  lines.emplace_back("");
  lines.push_back(fmt::format("  {:<6}{:>11}{:>10}{:>9}{:>7}{:>12}{:>10}", "lane", "requested",
                              "accepted", "settled", "lost", "duplicated", "orphaned"));
  lines.push_back(audit_line("log", result.end.audit.log));
  lines.push_back(audit_line("chain", result.end.audit.chain));
  for (const auto& problem : result.problems()) lines.push_back("  " + problem);
  lines.push_back(verdict_line(result));
  return lines;
}

json::Value to_json(const StormResult& result) {
  json::Value kinds = json::Value::array();
  for (const auto& one : result.tallies()) {
    kinds.push_back({{"action", name_of(one.action)},
                     {"injected", one.injected},
                     {"proven", one.proven},
                     {"not_proven", one.not_proven},
                     {"refused", one.refused},
                     {"mean_proven_ms", one.mean_proven_ms},
                     {"mean_proven_off_ms", one.mean_off_ms}});
  }
  json::Value faults = json::Value::array();
  for (const auto& one : result.faults) faults.push_back(to_json(one));
  return {{"seed", result.request.seed},
          {"kills", result.request.kills},
          {"rate", result.rides_per_second},
          {"lasted_s", result.lasted_s},
          {"settled_after_s", result.end.settled_after_s},
          {"kinds", std::move(kinds)},
          {"audit", to_json(result.end.audit)},
          {"problems", result.problems()},
          {"verdict", result.verdict()},
          {"faults", std::move(faults)}};
}

std::string to_html(const StormResult& result) {
  HtmlTable kinds{"Faults by kind", kHead, {}};
  for (const auto& one : result.tallies()) kinds.rows.push_back(cells(one));
  HtmlTable faults{"Every fault", {"s", "fault", "target", "duration", "outcome", "evidence"}, {}};
  for (const auto& one : result.faults) {
    const auto& request = one.planned.request;
    faults.rows.push_back({fmt::format("{:.1f}", static_cast<double>(one.planned.at_ms) / 1e3),
                           std::string(name_of(request.action)), request.target,
                           duration_text(request.duration_ms), std::string(word_of(one.outcome)),
                           one.refusal.empty() ? one.state.evidence : one.refusal});
  }
  HtmlTable problems{"What is wrong", {"problem"}, {}};
  for (const auto& problem : result.problems()) problems.rows.push_back({problem});
  std::string body = fmt::format("<p>{}</p><p><strong>{}</strong></p>", html_text(summary(result)),
                                 html_text(verdict_line(result)));
  if (!problems.rows.empty()) body += to_html(problems);
  return html_page(fmt::format("A storm of seed {}", result.request.seed),
                   body + to_html(kinds) + to_html(faults));
}

}  // namespace hailstorm::lab

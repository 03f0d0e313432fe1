#include <fmt/format.h>

#include "common/base/counted.h"
#include "services/lab/blast/blast_result.h"
#include "services/lab/blast/prediction.h"
#include "services/lab/report/html.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kLegend =
    ". calm, x hurt as predicted, ! hurt and NOT predicted, o predicted but not hurt, - the "
    "target; "
    "log: rides accepted on the log lane, set: they settle in time, cha: the chain lane";

std::string fault_name(const BlastCell& cell) {
  return fmt::format("{} {}", name_of(cell.fault.action), cell.fault.target);
}

/// The column's head: the last word of a lane, the beginning of a process.
std::string short_name(const std::string& subject) {
  if (subject == kLogSettling) return "set";
  return subject == kChainLane ? "cha" : subject.substr(0, 3);
}

std::string row(const BlastCell& cell) {
  std::string text = fmt::format("  {:<34}", fault_name(cell));
  if (!cell.refusal.empty()) return text + "refused: " + cell.refusal;
  for (const auto& subject : blast_subjects()) {
    text += fmt::format("{:>4}", mark_of(cell, subject));
  }
  text += fmt::format("{:>8.1f} s", cell.recovered_s());
  if (!cell.proven()) text += "  NOT PROVEN: " + cell.state.evidence;
  if (!cell.was_steady) text += "  (the platform was not well before)";
  return text;
}

std::string head() {
  std::string text = fmt::format("  {:<34}", "fault");
  for (const auto& subject : blast_subjects()) text += fmt::format("{:>4}", short_name(subject));
  return text + "  recovered";
}

std::string verdict_line(const BlastResult& result) {
  const char* const words[] = {"passed", "failed", "", "inconclusive"};
  return fmt::format(
      "Verdict: {}. {} in {:.0f} s, {}; {} rides were accepted on the log lane: {} lost, {} "
      "duplicated, {} orphaned.",
      words[result.exit_code()], counted(result.cells.size(), "fault"), result.lasted_s,
      counted(result.surprises().size(), "surprise"), result.end.audit.log.accepted,
      result.end.audit.log.lost, result.end.audit.log.duplicated, result.end.audit.log.orphaned);
}

json::Value to_json(const BlastFigures& figures) {
  return {{"works_percent", figures.works_percent},
          {"accepted_percent", figures.accepted_percent},
          {"settled_per_s", figures.settled_rate},
          {"rate", figures.rate},
          {"p50_ms", figures.p50_ms},
          {"p99_ms", figures.p99_ms},
          {"errors", figures.errors},
          {"lag", figures.lag},
          {"lag_s", figures.lag_s}};
}

json::Value to_json(const BlastEffect& effect) {
  return {{"predicted", effect.predicted ? "hurt" : "calm"},
          {"observed", effect.observed ? "hurt" : "calm"},
          {"surprise", effect.is_surprise()},
          {"why", effect.why},
          {"before", to_json(effect.before)},
          {"during", to_json(effect.during)},
          {"after", to_json(effect.after)},
          {"recovered_s", effect.recovered_s}};
}

json::Value to_json(const BlastCell& cell) {
  json::Value effects = json::Value::object();
  for (const auto& [subject, effect] : cell.effects) effects.add(subject, to_json(effect));
  return {{"target", cell.fault.target},
          {"action", name_of(cell.fault.action)},
          {"refusal", cell.refusal},
          {"proven", cell.proven()},
          {"steady_before", cell.was_steady},
          {"recovered_s", cell.recovered_s()},
          {"fault", cell.refusal.empty() ? lab::to_json(cell.state) : json::Value()},
          {"effects", std::move(effects)}};
}

std::string number(double value) { return fmt::format("{:.1f}", value); }

/// "38.1 → 0.0 → 52.4": before, during, after.
std::string three(const BlastEffect& effect, double BlastFigures::*figure) {
  return fmt::format("{} → {} → {}", number(effect.before.*figure), number(effect.during.*figure),
                     number(effect.after.*figure));
}
std::string three(const BlastEffect& effect, int64_t BlastFigures::*figure) {
  return fmt::format("{} → {} → {}", effect.before.*figure, effect.during.*figure,
                     effect.after.*figure);
}

std::string details(const BlastCell& cell) {
  HtmlTable table{fault_name(cell),
                  {"subject", "predicted", "observed", "accepted %", "settled/s", "p50 ms",
                   "p99 ms", "errors", "lag", "lag s", "recovered s", "why"},
                  {}};
  for (const auto& [subject, effect] : cell.effects) {
    table.rows.push_back(
        {subject, effect.predicted ? "hurt" : "calm",
         effect.observed ? (effect.predicted ? "hurt" : "HURT") : "calm",
         three(effect, &BlastFigures::accepted_percent), three(effect, &BlastFigures::settled_rate),
         three(effect, &BlastFigures::p50_ms), three(effect, &BlastFigures::p99_ms),
         three(effect, &BlastFigures::errors), three(effect, &BlastFigures::lag),
         three(effect, &BlastFigures::lag_s), number(effect.recovered_s), effect.why});
  }
  return to_html(table);
}

HtmlTable matrix(const BlastResult& result) {
  HtmlTable table{"What each fault did to the others", {"fault"}, {}};
  for (const auto& subject : blast_subjects()) table.head.push_back(subject);
  table.head.insert(table.head.end(), {"recovered s", "proven"});
  for (const auto& cell : result.cells) {
    std::vector<std::string> cells = {fault_name(cell)};
    for (const auto& subject : blast_subjects()) cells.emplace_back(1, mark_of(cell, subject));
    cells.push_back(number(cell.recovered_s()));
    cells.push_back(!cell.refusal.empty() ? "refused: " + cell.refusal
                                          : (cell.proven() ? "yes" : "NO"));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string list_of(const char* caption, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  HtmlTable table{caption, {"what"}, {}};
  for (const auto& line : lines) table.rows.push_back({line});
  return to_html(table);
}

}  // namespace

std::vector<std::string> to_lines(const BlastResult& result) {
  std::vector<std::string> lines = {"", head()};
  for (const auto& cell : result.cells) lines.push_back(row(cell));
  lines.emplace_back(std::string("  ") + kLegend);
  for (const auto& surprise : result.surprises()) lines.push_back("  surprise: " + surprise);
  for (const auto& problem : result.problems()) lines.push_back("  problem: " + problem);
  lines.push_back(verdict_line(result));
  return lines;
}

json::Value to_json(const BlastResult& result) {
  json::Value cells = json::Value::array();
  for (const auto& cell : result.cells) cells.push_back(to_json(cell));
  return {{"seed", result.seed},
          {"rate", result.request.rides_per_second},
          {"quick", result.request.quick},
          {"lasted_s", result.lasted_s},
          {"subjects", blast_subjects()},
          {"cells", std::move(cells)},
          {"surprises", result.surprises()},
          {"problems", result.problems()},
          {"audit", to_json(result.end.audit)}};
}

std::string to_html(const BlastResult& result) {
  std::string body = fmt::format("<p><strong>{}</strong></p><p>{}</p>",
                                 html_text(verdict_line(result)), html_text(kLegend));
  body += list_of("What is wrong", result.problems()) + list_of("Surprises", result.surprises()) +
          to_html(matrix(result));
  for (const auto& cell : result.cells) {
    if (cell.refusal.empty()) body += details(cell);
  }
  return html_page("Blast radius", body);
}

}  // namespace hailstorm::lab

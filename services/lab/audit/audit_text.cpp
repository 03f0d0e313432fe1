#include "services/lab/audit/audit_text.h"

#include <fmt/format.h>
#include <string>
#include <vector>

#include "common/base/text.h"
#include "common/json/json.h"

namespace hailstorm::lab {
namespace {

json::Value to_json(const LaneAudit& lane) {
  return {{"requested", lane.requested},       {"accepted", lane.accepted},
          {"unanswered", lane.unanswered},     {"settled", lane.settled},
          {"on_their_way", lane.on_their_way}, {"lost", lane.lost},
          {"duplicated", lane.duplicated},     {"orphaned", lane.orphaned}};
}

std::string row(const char* name, const LaneAudit& lane) {
  return fmt::format("  {:<6}{:>11}{:>10}{:>9}{:>7}{:>12}{:>10}\n", name, lane.requested,
                     lane.accepted, lane.settled, lane.lost, lane.duplicated, lane.orphaned);
}

/// What is wrong beyond single rides, and what could not be looked at; a line each.
std::vector<std::string> troubles(const AuditReport& report) {
  std::vector<std::string> lines;
  const auto say = [&lines](int64_t count, const char* what) {
    if (count != 0) lines.push_back(fmt::format("{} {}", count, what));
  };
  say(report.stores.double_booked, "times a driver has two rides at once");
  say(report.stores.ledger_sum_cents, "cents is what the whole ledger sums to, not 0");
  say(report.stores.altered_entries, "rows of the ledger are not as they were written");
  say(report.log_files.misordered, "records of the log are out of order or in a foreign partition");
  say(report.log_files.corrupt, "batches of the log are corrupt");
  say(report.log_files.undecodable, "places of the log hold no record that can be decoded");
  say(report.unreadable_answers, "lines of riders' answers could not be read");
  for (const auto& one : report.stores.altered) lines.push_back(printable(one));
  for (const auto& store : report.stores.missing) lines.push_back("not there: " + printable(store));
  for (const auto& note : report.log_files.notes) lines.push_back(printable(note));
  return lines;
}

}  // namespace

std::string to_text(const AuditReport& report) {
  std::string text = fmt::format("  {:<6}{:>11}{:>10}{:>9}{:>7}{:>12}{:>10}\n", "lane", "requested",
                                 "accepted", "settled", "lost", "duplicated", "orphaned");
  text += row("log", report.log) + row("chain", report.chain);
  for (const auto& one : report.violations) {
    text += fmt::format("  {} lane: ride {} is {}: {}\n", name_of(one.lane), printable(one.ride_id),
                        one.kind, printable(one.why));
  }
  if (report.log.on_their_way > 0)
    text += fmt::format("  {} rides were on their way; they settle when a platform starts here\n",
                        report.log.on_their_way);
  for (const auto& line : troubles(report)) text += "  " + line + "\n";
  return text;
}

std::string to_json(const AuditReport& report) {
  json::Value violations = json::Value::array();
  for (const auto& one : report.violations) {
    violations.push_back({{"lane", name_of(one.lane)},
                          {"word", one.kind},
                          {"ride_id", one.ride_id},
                          {"why", one.why}});
  }
  const json::Value document = {{"clean", report.clean()},
                                {"troubles", troubles(report)},
                                {"log", to_json(report.log)},
                                {"chain", to_json(report.chain)},
                                {"stores",
                                 {{"double_booked", report.stores.double_booked},
                                  {"ledger_sum_cents", report.stores.ledger_sum_cents},
                                  {"altered_entries", report.stores.altered_entries},
                                  {"altered", report.stores.altered},
                                  {"missing", report.stores.missing}}},
                                {"log_files",
                                 {{"records", report.log_files.records},
                                  {"republished", report.log_files.republished},
                                  {"dead_letters", report.log_files.dead_letters},
                                  {"misordered", report.log_files.misordered},
                                  {"corrupt", report.log_files.corrupt},
                                  {"undecodable", report.log_files.undecodable},
                                  {"notes", report.log_files.notes}}},
                                {"unreadable_answers", report.unreadable_answers},
                                {"offences", std::move(violations)}};
  return json::to_sorted_text(document);
}

}  // namespace hailstorm::lab

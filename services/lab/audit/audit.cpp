#include "services/lab/audit/audit.h"

#include <chrono>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <system_error>
#include <thread>

#include "common/base/enum_name.h"
#include "services/lab/audit/answers.h"
#include "services/lab/audit/transit.h"
#include "services/lab/audit/verdict.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
constexpr int kMostViolations = 5;
constexpr auto kBetweenAudits = std::chrono::milliseconds(250);

int64_t answered_at_ms(const Answer& answer) {
  return answer.sent_at_ms + static_cast<int64_t>(answer.latency_ms - answer.late_ms);
}

/// Gives the number of answers that were read; `until_ms`: those until then came in time.
int64_t read_answers(const fs::path& folder, int64_t until_ms, Facts& facts, int64_t& unreadable) {
  int64_t read = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != ".jsonl") continue;
    AnswerReader reader(entry.path());
    for (const Answer& answer : reader.read_new()) {
      RideFacts& ride = facts.lane(answer.lane)[answer.ride_id];
      ride.requested = true;
      ride.accepted = ride.accepted || answer.accepted();
      ride.unanswered = ride.unanswered || answer.status == 0;
      ride.refused = ride.refused || (answer.status != 0 && !answer.accepted());
      ride.in_time = ride.in_time || answered_at_ms(answer) <= until_ms;
      ++read;
    }
    unreadable += reader.unreadable();
  }
  return read;
}

/// For rides that no recorded rider asked for.
void count_as_accepted(LaneFacts& rides) {
  for (auto& [id, ride] : rides) {
    if (!ride.committed || ride.requested) continue;
    ride.requested = ride.accepted = ride.in_time = true;
  }
}

class LaneAuditor {
 public:
  /// `knows_the_way`: events that are still to be applied were read, so rides may be on their way.
  /// `is_running`: so they may be where no answer came in time.
  LaneAuditor(events::Lane lane, LaneAudit& result, std::vector<Violation>& violations,
              bool knows_the_way, bool is_running)
      : lane_(lane),
        result_(result),
        violations_(violations),
        knows_the_way_(knows_the_way),
        is_running_(is_running) {}

  void add(const std::string& ride_id, const RideFacts& ride) {
    result_.requested += ride.requested ? 1 : 0;
    result_.accepted += ride.accepted ? 1 : 0;
    result_.unanswered += ride.requested && !ride.accepted && !ride.refused ? 1 : 0;
    Verdict verdict = verdict_of(ride, lane_ == events::Lane::log);
    if (is_under_way(ride, verdict)) {
      ++result_.on_their_way;
      verdict.lost.clear();
      verdict.orphaned.clear();
    }
    // All effects of a ride that was refused are no success; it is orphaned.
    result_.settled += verdict.settled && ride.requested && !refused_for_good(ride) ? 1 : 0;
    count(result_.lost, "lost", ride_id, verdict.lost);
    count(result_.duplicated, "duplicated", ride_id, verdict.duplicated);
    count(result_.orphaned, "orphaned", ride_id, verdict.orphaned);
  }

 private:
  /// What would be lost or orphaned if nothing more happened to it.
  [[nodiscard]] bool is_under_way(const RideFacts& ride, const Verdict& verdict) const {
    const bool is_amiss = !verdict.lost.empty() || !verdict.orphaned.empty();
    if (is_running_ && is_amiss && !ride.in_time && may_be_answered(ride)) return true;
    return !verdict.lost.empty() && knows_the_way_ && is_on_its_way(ride);
  }

  /// Somebody has asked for it, although no answer may be noted yet. On the chain lane the first
  /// trace of a ride is its effect.
  [[nodiscard]] bool may_be_answered(const RideFacts& ride) const {
    return ride.requested || ride.committed || ride.in_log[Kind::ride_requested] > 0 ||
           lane_ == events::Lane::chain;
  }

  static bool refused_for_good(const RideFacts& ride) { return ride.refused && !ride.accepted; }

  void count(int64_t& total, const char* kind, const std::string& ride_id, const std::string& why) {
    if (why.empty()) return;
    if (total++ < kMostViolations) violations_.push_back({lane_, kind, ride_id, why});
  }

  const events::Lane lane_;
  LaneAudit& result_;
  std::vector<Violation>& violations_;
  const bool knows_the_way_;
  const bool is_running_;
};

}  // namespace

std::string_view name_of(AuditErrc code) { return enum_name(code); }

bool AuditReport::clean() const {
  return log.lost == 0 && log.duplicated == 0 && log.orphaned == 0 && stores.double_booked == 0 &&
         stores.ledger_sum_cents == 0 && stores.altered_entries == 0 && log_files.misordered == 0 &&
         log_files.corrupt == 0;
}

Result<AuditReport> audit(const fs::path& data, Riders riders,
                          std::optional<int64_t> running_at_ms) {
  std::error_code failed;
  if (!fs::is_directory(data / "broker", failed) && !fs::is_directory(data / "gateway", failed)) {
    if (failed && failed != std::errc::no_such_file_or_directory) {
      return Error(AuditErrc::not_a_data_folder,
                   fmt::format("cannot read {}: {}", data.string(), failed.message()));
    }
    return Error(AuditErrc::not_a_data_folder,
                 data.string() +
                     " holds neither broker/ nor gateway/: name the folder that the "
                     "platform ran with (--data)");
  }
  AuditReport report;
  Facts facts;
  // The answers last: a ride that is answered meanwhile is not taken for an effect without a
  // request.
  const bool is_running = running_at_ms.has_value();
  const bool knows_the_way = is_running || fs::exists(data / kBackupFile, failed);
  HAIL_ASSIGN_OR_RETURN(
      report.stores, read_stores(data, facts, knows_the_way ? Transit::read : Transit::left_out));
  report.log_files = read_log(data / "broker", facts.log);
  const int64_t answers =
      read_answers(data / "traffic", running_at_ms.value_or(std::numeric_limits<int64_t>::max()),
                   facts, report.unreadable_answers);
  if (answers == 0 || riders == Riders::also_others) {
    count_as_accepted(facts.log);
    count_as_accepted(facts.chain);
  }
  LaneAuditor log(events::Lane::log, report.log, report.violations, knows_the_way, is_running);
  for (const auto& [id, ride] : facts.log) log.add(id, ride);
  LaneAuditor chain(events::Lane::chain, report.chain, report.violations, false, is_running);
  for (const auto& [id, ride] : facts.chain) chain.add(id, ride);
  return report;
}

Result<AuditReport> audit_until_clean(const fs::path& data, Riders riders, int64_t within_ms,
                                      const Clock& clock) {
  const int64_t deadline_ms = clock.steady_ms() + within_ms;
  for (;;) {
    auto report = audit(data, riders);
    const bool over = !report.ok() || (report->clean() && report->log.on_their_way == 0) ||
                      report->log.duplicated > 0;
    if (over || clock.steady_ms() > deadline_ms) return report;
    std::this_thread::sleep_for(kBetweenAudits);
  }
}

}  // namespace hailstorm::lab

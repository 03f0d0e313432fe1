#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/events/lane.h"
#include "services/lab/audit/log_facts.h"
#include "services/lab/audit/store_facts.h"

/// The audit: it reads the log, every store and the riders' answers, apart from the services' code.
namespace hailstorm::lab {

enum class AuditErrc { not_a_data_folder };
[[nodiscard]] std::string_view name_of(AuditErrc code);

/// A ride that is not as it should be.
struct Violation {
  events::Lane lane = events::Lane::log;
  std::string kind;  // lost, duplicated, orphaned
  std::string ride_id;
  std::string why;
};

struct LaneAudit {
  int64_t requested = 0;
  int64_t accepted = 0;
  int64_t unanswered = 0;  // the rider knows nothing: neither accepted nor refused
  int64_t settled = 0;
  int64_t on_their_way = 0;  // of a copy, and where the platform runs: neither settled nor lost
  int64_t lost = 0;
  int64_t duplicated = 0;
  int64_t orphaned = 0;
};

/// In the folder of a copy that `hail-lab backup` made: its list of files.
inline constexpr const char* kBackupFile = "BACKUP";

struct AuditReport {
  LaneAudit log;
  LaneAudit chain;
  LogFindings log_files;
  StoreFindings stores;
  std::vector<Violation> violations;  // the first few of each lane and kind
  int64_t unreadable_answers = 0;

  /// Nothing lost, duplicated or orphaned on the log lane, no driver booked twice there, the ledger
  /// sums to 0 and its rows are as they were written, the log is whole and in order.
  [[nodiscard]] bool clean() const;
};

/// Which rides may have effects. `recorded`: those of DATA/traffic; an effect of any other ride is
/// a violation. `also_others`: those that the gateway accepted, too.
enum class Riders { recorded, also_others };

/// Reads DATA as the platform wrote it; the services may be running. With `also_others`, and where
/// no rider's answers were recorded (no DATA/traffic), the gateway's rides count as requested and
/// accepted. In a copy rides on their way are counted as such and are not lost; so they are where
/// the platform runs and `running_at_ms`, now on the wall clock, is given: a ride that is answered
/// later on is on its way, too. Errors: not_a_data_folder, and those of the store layer.
[[nodiscard]] Result<AuditReport> audit(const std::filesystem::path& data,
                                        Riders riders = Riders::recorded,
                                        std::optional<int64_t> running_at_ms = {});

/// Audits again and again until the report is clean with no ride on its way, or cannot become so
/// (something was done twice), or `within_ms` passed; gives the last report.
[[nodiscard]] Result<AuditReport> audit_until_clean(const std::filesystem::path& data,
                                                    Riders riders, int64_t within_ms,
                                                    const Clock& clock);

}  // namespace hailstorm::lab

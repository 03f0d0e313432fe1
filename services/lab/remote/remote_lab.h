#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/api/lab_client.h"
#include "services/lab/faults/fault.h"
#include "services/lab/remote/snapshot.h"

namespace hailstorm::lab {

/// What the audit counted on one lane.
struct LaneCounts {
  int64_t requested = 0;
  int64_t accepted = 0;
  int64_t settled = 0;
  int64_t lost = 0;
  int64_t duplicated = 0;
  int64_t orphaned = 0;
};

/// The audit's findings, as the API gives them.
struct AuditCounts {
  LaneCounts log;
  LaneCounts chain;
  std::vector<std::string> troubles;  // what is wrong on the log lane and in the files, a line each

  [[nodiscard]] bool clean() const { return troubles.empty(); }
};
[[nodiscard]] Result<AuditCounts> audit_counts_of(const json::Value& document);
[[nodiscard]] json::Value to_json(const AuditCounts& counts);

/// A lab that runs, in calls with types. Errors: those of LabClient, and bad_member where an answer
/// is not as agreed.
///
/// Thread safety: safe.
class RemoteLab {
 public:
  /// `client` must remain live while this is in use.
  explicit RemoteLab(LabClient& client) : client_(client) {}

  /// Injects it; gives what became of it: proven or not_proven. Errors conflict: names the holder;
  /// bad_request: not possible here.
  [[nodiscard]] Result<FaultState> inject(const FaultRequest& request);
  /// Those on, and the last that ended.
  [[nodiscard]] Result<std::vector<FaultState>> faults();
  /// Error not_found: no lab's agent knows it (any more).
  [[nodiscard]] Result<FaultState> fault(const std::string& id);
  [[nodiscard]] Status revert(const std::string& id);
  [[nodiscard]] Status revert_all();

  /// Riders: so many rides a second from now on; 0 stops them.
  [[nodiscard]] Status ride(double rides_per_second);
  [[nodiscard]] Status ride(double rides_per_second, const std::vector<std::string>& lanes);

  [[nodiscard]] Result<Snapshot> look();
  [[nodiscard]] Result<AuditCounts> audit();
  [[nodiscard]] Result<json::Value> get(const std::string& path) { return client_.get(path); }

 private:
  LabClient& client_;
};

}  // namespace hailstorm::lab

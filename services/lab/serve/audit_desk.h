#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/audit/audit.h"

namespace hailstorm::lab {

/// Audits the running platform on request, one audit at a time: each reads every row. What was
/// found less than a second ago is not looked for again.
///
/// Thread safety: safe.
class AuditDesk {
 public:
  /// `clock` must remain live while this is in use.
  AuditDesk(std::filesystem::path data, Riders riders, const Clock& clock);

  /// The audit's JSON. With `within_ms` it waits for rides that are on their way, as
  /// audit_until_clean() does. Errors of the audit.
  [[nodiscard]] Result<json::Value> audit(int64_t within_ms = 0);
  /// At once, with rides that are on their way counted as such and not as lost.
  [[nodiscard]] Result<json::Value> audit_running();

 private:
  const std::filesystem::path data_;
  const Riders riders_;
  const Clock& clock_;
  std::mutex mutex_;
  std::optional<json::Value> newest_;
  int64_t newest_ms_ = 0;
};

}  // namespace hailstorm::lab

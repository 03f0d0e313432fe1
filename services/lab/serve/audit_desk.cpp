#include "services/lab/serve/audit_desk.h"

#include "services/lab/audit/audit_text.h"

namespace hailstorm::lab {
namespace {

constexpr int64_t kGoodForMs = 1'000;

}  // namespace

AuditDesk::AuditDesk(std::filesystem::path data, Riders riders, const Clock& clock)
    : data_(std::move(data)), riders_(riders), clock_(clock) {}

Result<json::Value> AuditDesk::audit(int64_t within_ms) {
  const std::lock_guard lock(mutex_);
  const bool is_new = newest_ && clock_.steady_ms() - newest_ms_ < kGoodForMs;
  if (within_ms == 0 && is_new) return *newest_;
  HAIL_ASSIGN_OR_RETURN(const AuditReport report,
                        audit_until_clean(data_, riders_, within_ms, clock_));
  HAIL_ASSIGN_OR_RETURN(newest_, json::parse(to_json(report)));
  newest_ms_ = clock_.steady_ms();
  return *newest_;
}

Result<json::Value> AuditDesk::audit_running() {
  const std::lock_guard lock(mutex_);
  HAIL_ASSIGN_OR_RETURN(const AuditReport report,
                        hailstorm::lab::audit(data_, riders_, clock_.wall_ms()));
  return json::parse(to_json(report));
}

}  // namespace hailstorm::lab

#include "services/lab/remote/conclusion.h"

#include <algorithm>
#include <fmt/format.h>

namespace hailstorm::lab {
namespace {

constexpr int kLookEveryMs = 250;  // longer than a frame lasts
constexpr int kAuditEveryMs = 500;

std::string what_is_left(const Snapshot& snapshot) {
  std::string text = fmt::format("the lag is {}", snapshot.lag());
  for (const auto& [name, one] : snapshot.processes) {
    if (!one.works()) text += fmt::format(", {} is {} and not ready", name, one.state);
  }
  return text;
}

/// Two quiet frames: a ride between two services shows in neither of their lags.
Result<std::string> await_quiet(RemoteLab& lab, int64_t deadline_ms, const Clock& clock,
                                const StopSignal& stop) {
  bool was_quiet = false;
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(const auto snapshot, lab.look());
    if (was_quiet && snapshot.is_quiet()) return std::string();
    was_quiet = snapshot.is_quiet();
    if (clock.steady_ms() > deadline_ms || stop.wait_for(kLookEveryMs)) {
      return what_is_left(snapshot);
    }
  }
}

bool is_settled(const AuditCounts& audit) {
  return audit.clean() && audit.log.settled >= audit.log.accepted;
}

}  // namespace

Result<Conclusion> conclude(RemoteLab& lab, int64_t within_ms, const Clock& clock,
                            const StopSignal& stop) {
  HAIL_RETURN_IF_ERROR(lab.revert_all());
  HAIL_RETURN_IF_ERROR(lab.ride(0));
  const int64_t began_ms = clock.steady_ms();
  const int64_t deadline_ms = began_ms + within_ms;
  Conclusion end;
  HAIL_ASSIGN_OR_RETURN(end.unsettled, await_quiet(lab, deadline_ms, clock, stop));
  end.settled_after_s = static_cast<double>(clock.steady_ms() - began_ms) / 1e3;
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(end.audit, lab.audit());
    // What was done twice does not become right by waiting.
    if (is_settled(end.audit) || end.audit.log.duplicated > 0 || !end.unsettled.empty()) return end;
    if (clock.steady_ms() > deadline_ms || stop.wait_for(kAuditEveryMs)) return end;
  }
}

Result<bool> await_ready(RemoteLab& lab, int64_t within_ms, const Clock& clock,
                         const StopSignal& stop) {
  const int64_t deadline_ms = clock.steady_ms() + within_ms;
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(const auto snapshot, lab.look());
    const auto& all = snapshot.processes;
    if (!all.empty() &&
        std::all_of(all.begin(), all.end(), [](const auto& one) { return one.second.works(); })) {
      return true;
    }
    if (clock.steady_ms() > deadline_ms || stop.wait_for(kLookEveryMs)) return false;
  }
}

}  // namespace hailstorm::lab

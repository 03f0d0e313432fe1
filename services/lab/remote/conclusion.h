#pragma once

#include <cstdint>
#include <string>

#include "common/base/clock.h"
#include "common/base/stop_signal.h"
#include "services/lab/remote/remote_lab.h"

namespace hailstorm::lab {

/// How a run ended, once nothing was on its way any more.
struct Conclusion {
  AuditCounts audit;
  double settled_after_s = 0;  // from the end of the riders
  std::string unsettled;       // what was still on its way at the end; empty: nothing
};

/// Reverts every fault, stops the riders, waits until all rides are settled, at most `within_ms`,
/// and asks for the audit until it is clean. Errors: of the lab; a stop by the user ends it early
/// as if the time were over.
[[nodiscard]] Result<Conclusion> conclude(RemoteLab& lab, int64_t within_ms, const Clock& clock,
                                          const StopSignal& stop);

/// Until every process does its work; false when `within_ms` passed or a stop was asked for.
[[nodiscard]] Result<bool> await_ready(RemoteLab& lab, int64_t within_ms, const Clock& clock,
                                       const StopSignal& stop);

}  // namespace hailstorm::lab

#pragma once

#include <memory>

#include "services/lab/faults/injection.h"
#include "services/lab/faults/process_control.h"

namespace hailstorm::lab {

/// SIGKILL of the broker, and what a power cut may do to its files: whatever no sync had covered is
/// kept or lost, drawn from the request's seed. It is started again at the end of the lease. Errors
/// not_possible: the process records no syncs (option --sync-record); bad_request.
[[nodiscard]] Result<std::unique_ptr<Fault>> make_power_cut_fault(ProcessControl& processes,
                                                                  const FaultRequest& request);

}  // namespace hailstorm::lab

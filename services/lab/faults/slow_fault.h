#pragma once

#include <memory>

#include "services/lab/faults/injection.h"
#include "services/lab/faults/process_control.h"

namespace hailstorm::lab {

/// A process that runs only attribute share_percent (1 to 99) of the time: it is stopped and
/// released by turns, 10 times a second. Errors bad_request.
[[nodiscard]] Result<std::unique_ptr<Fault>> make_slow_fault(ProcessControl& processes,
                                                             const FaultRequest& request);

}  // namespace hailstorm::lab

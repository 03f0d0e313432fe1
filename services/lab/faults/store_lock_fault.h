#pragma once

#include <memory>

#include "services/lab/faults/injection.h"
#include "services/lab/faults/process_control.h"

namespace hailstorm::lab {

/// A service's database is write-locked by another connection, so that the service can read and
/// cannot write. Errors not_possible: the process has no database; bad_request.
[[nodiscard]] Result<std::unique_ptr<Fault>> make_store_lock_fault(ProcessControl& processes,
                                                                   const FaultRequest& request);

}  // namespace hailstorm::lab

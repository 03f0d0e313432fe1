#pragma once

#include <memory>
#include <string>

#include "services/lab/faults/injection.h"

namespace hailstorm::lab {

/// The group goes back to where the log was attribute last_s seconds ago, while its members live.
/// Errors bad_request.
[[nodiscard]] Result<std::unique_ptr<Fault>> make_redeliver_fault(const std::string& broker_url,
                                                                  const FaultRequest& request);

}  // namespace hailstorm::lab

#pragma once

#include <memory>
#include <string>

#include "services/lab/faults/injection.h"

namespace hailstorm::lab {

/// The events of the last attribute last_s seconds are published once more, with their own ids,
/// keys and values. Errors bad_request.
[[nodiscard]] Result<std::unique_ptr<Fault>> make_duplicate_fault(const std::string& broker_url,
                                                                  const FaultRequest& request);

}  // namespace hailstorm::lab

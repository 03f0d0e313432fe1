#pragma once

#include <memory>
#include <string>

#include "services/lab/faults/injection.h"

namespace hailstorm::lab {

/// One record of the topic that no service can make use of. Attribute kind: "undecodable" (no event
/// at all) or "impossible" (the topic's last event once more, under a type that there is not). Each
/// group that reads it puts it into dead_letter. Errors bad_request.
[[nodiscard]] Result<std::unique_ptr<Fault>> make_poison_fault(const std::string& broker_url,
                                                               const FaultRequest& request);

}  // namespace hailstorm::lab

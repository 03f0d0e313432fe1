#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/events/events.h"
#include "services/gateway/store.h"

/// What the rider reads. Pure functions: safe from any thread.
namespace hailstorm::gateway {

/// {"ride_id":…,"status":"accepted"}
[[nodiscard]] std::string accepted_json(std::string_view ride_id);

/// One word from whatever outcomes are known, in whatever order they came: "requested", "matched"
/// or "authorized" (one of the two outcomes is here), "confirmed" (both are), "unmatched",
/// "declined".
[[nodiscard]] std::string status_of(const std::vector<TimelineEntry>& outcomes);

/// The body of GET /rides/ID.
[[nodiscard]] std::string ride_json(const AcceptedRide& accepted,
                                    const std::vector<TimelineEntry>& outcomes);

}  // namespace hailstorm::gateway

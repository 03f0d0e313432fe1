#pragma once

#include <string_view>

#include "common/base/result.h"
#include "common/store/database.h"
#include "services/lab/audit/ride_facts.h"

/// Rides that are on their way in a copy of a running platform: where nothing runs, a ride that is
/// not settled is lost, unless an event of it still waits to be applied.
namespace hailstorm::lab {

/// Adds the events of the log lane that the service's outbox and inbox hold. Errors of the store
/// layer.
[[nodiscard]] Status read_transit(store::Database& db, std::string_view service, LaneFacts& rides);

/// Some event of the ride is in the log or in an outbox, and a service that must apply it has not
/// yet done so. REQUIRES: read_transit() was called for every service.
[[nodiscard]] bool is_on_its_way(const RideFacts& ride);

}  // namespace hailstorm::lab

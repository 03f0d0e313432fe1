#pragma once

#include "common/base/result.h"
#include "common/service/reactor.h"
#include "common/store/database.h"
#include "services/gateway/ride_request.h"
#include "services/gateway/store.h"

namespace hailstorm::gateway {

/// What became of a request on the log lane.
enum class Acceptance {
  accepted,
  same_again,  // the ride was accepted before
  other_ride,  // the request's key is that of another ride
};

/// A request that repeats a key of an accepted ride asks for the very same ride. The time counts
/// only where the request has one: a repetition without a time is made later.
[[nodiscard]] bool is_same_ride(const AcceptedRide& accepted, const RideRequest& request);

/// Writes the ride and its event, unless its id is stored already. Runs inside the caller's
/// transaction.
[[nodiscard]] Result<Acceptance> accept(const RideRequest& request, int64_t now_ms,
                                        store::Database& db, service::Effects& effects);

}  // namespace hailstorm::gateway

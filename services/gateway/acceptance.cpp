#include "services/gateway/acceptance.h"

namespace hailstorm::gateway {
namespace {

constexpr const char* kSource = "/hailstorm/gateway";

}  // namespace

bool is_same_ride(const AcceptedRide& accepted, const RideRequest& request) {
  const events::RideRequested& a = accepted.ride;
  const events::RideRequested& b = request.ride;
  return a.rider_id == b.rider_id && a.pickup == b.pickup && a.dropoff == b.dropoff &&
         (!request.has_time || a.requested_at_ms == b.requested_at_ms);
}

Result<Acceptance> accept(const RideRequest& request, int64_t now_ms, store::Database& db,
                          service::Effects& effects) {
  const events::RideRequested& ride = request.ride;
  HAIL_ASSIGN_OR_RETURN(
      const bool is_new,
      insert_ride(db, {events::Lane::log, ride, request.idempotency_key, {}, now_ms}));
  if (is_new) {
    HAIL_RETURN_IF_ERROR(effects.publish(
        events::make_event(kSource, ride.requested_at_ms, ride, request.traceparent)));
    return Acceptance::accepted;
  }
  HAIL_ASSIGN_OR_RETURN(const auto before, find_ride(db, events::Lane::log, ride.ride_id));
  return before && is_same_ride(*before, request) ? Acceptance::same_again : Acceptance::other_ride;
}

}  // namespace hailstorm::gateway

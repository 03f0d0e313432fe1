#include "services/matching/chain_step.h"

#include <variant>

namespace hailstorm::matching {

using events::Lane;

Status MatchingStep::apply(service::ChainRide& ride, store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(ride.matching, dispatcher_.match(Lane::chain, ride.requested, db));
  return {};
}

Status MatchingStep::undo(const service::ChainRide& ride, store::Database& db) {
  return dispatcher_.release(Lane::chain, ride.requested.ride_id, db);
}

Status MatchingStep::conclude(const service::ChainRide& ride, store::Database& db) {
  const bool declined =
      ride.payment && std::holds_alternative<events::PaymentDeclined>(*ride.payment);
  return declined ? undo(ride, db) : Status();
}

}  // namespace hailstorm::matching

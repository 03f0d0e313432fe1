#include "services/matching/chain_step.h"

#include <variant>

namespace hailstorm::matching {

using service::kChainLane;

Status MatchingStep::apply(service::ChainRide& ride, store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(ride.matching, dispatcher_.match(kChainLane, ride.requested, db));
  return {};
}

Status MatchingStep::undo(const service::ChainRide& ride, store::Database& db) {
  return dispatcher_.release(kChainLane, ride.requested.ride_id, db);
}

Status MatchingStep::conclude(const service::ChainRide& ride, store::Database& db) {
  const bool declined =
      ride.payment && std::holds_alternative<events::PaymentDeclined>(*ride.payment);
  return declined ? undo(ride, db) : Status();
}

}  // namespace hailstorm::matching

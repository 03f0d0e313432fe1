#include "services/payment/chain_step.h"

#include <string>
#include <variant>

namespace hailstorm::payment {

using events::RideUnmatched;
using service::kChainLane;

Status PaymentStep::apply(service::ChainRide& ride, store::Database& db) {
  const bool unmatched = ride.matching && std::holds_alternative<RideUnmatched>(*ride.matching);
  HAIL_ASSIGN_OR_RETURN(ride.payment, unmatched
                                          ? cashier_.decline(kChainLane, ride.requested,
                                                             std::string(RideUnmatched::kType), db)
                                          : cashier_.charge(kChainLane, ride.requested, db));
  return {};
}

Status PaymentStep::undo(const service::ChainRide& ride, store::Database& db) {
  return cashier_.give_back(kChainLane, ride.requested.ride_id, db);
}

}  // namespace hailstorm::payment

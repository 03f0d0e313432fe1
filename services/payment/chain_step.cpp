#include "services/payment/chain_step.h"

#include <string>
#include <variant>

namespace hailstorm::payment {

using events::Lane;
using events::RideUnmatched;

Status PaymentStep::apply(service::ChainRide& ride, store::Database& db) {
  const bool unmatched = ride.matching && std::holds_alternative<RideUnmatched>(*ride.matching);
  HAIL_ASSIGN_OR_RETURN(ride.payment, unmatched
                                          ? cashier_.decline(Lane::chain, ride.requested,
                                                             std::string(RideUnmatched::kType), db)
                                          : cashier_.charge(Lane::chain, ride.requested, db));
  return {};
}

Status PaymentStep::undo(const service::ChainRide& ride, store::Database& db) {
  return cashier_.give_back(Lane::chain, ride.requested.ride_id, db);
}

}  // namespace hailstorm::payment

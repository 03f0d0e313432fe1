#include "services/gateway/outcome_reactor.h"

#include <variant>

#include "services/gateway/store.h"

namespace hailstorm::gateway {

std::vector<std::string> OutcomeReactor::topics() const {
  return {std::string(events::RideMatched::kType), std::string(events::RideUnmatched::kType),
          std::string(events::PaymentAuthorized::kType),
          std::string(events::PaymentDeclined::kType)};
}

std::vector<std::string> OutcomeReactor::publishes() const {
  return {std::string(events::RideRequested::kType)};
}

Result<bool> OutcomeReactor::recall(const events::Event& event, store::Database& db) {
  const auto* const ride = std::get_if<events::RideRequested>(&event.payload);
  if (ride == nullptr) return false;
  AcceptedRide accepted;
  accepted.lane = events::Lane::log;
  accepted.ride = *ride;
  accepted.accepted_ms = ride->requested_at_ms;
  return insert_ride(db, accepted);
}

Result<bool> OutcomeReactor::is_empty(store::Database& db) const {
  HAIL_ASSIGN_OR_RETURN(const bool any,
                        db.has_row("SELECT 1 FROM rides UNION ALL SELECT 1 FROM timeline LIMIT 1"));
  return !any;
}

Status OutcomeReactor::react(const events::Event& event, store::Database& db, service::Effects&) {
  return add_to_timeline(db, event);
}

}  // namespace hailstorm::gateway

#include "services/matching/reactor.h"

#include <utility>
#include <variant>

#include "services/matching/store.h"

namespace hailstorm::matching {

using events::PaymentDeclined;
using events::RideRequested;
using service::kLogLane;

std::vector<std::string> MatchingReactor::topics() const {
  return {std::string(RideRequested::kType), std::string(PaymentDeclined::kType)};
}

std::vector<std::string> MatchingReactor::publishes() const {
  return {std::string(events::RideMatched::kType), std::string(events::RideUnmatched::kType)};
}

Status MatchingReactor::react(const events::Event& event, store::Database& db,
                              service::Effects& effects) {
  if (std::holds_alternative<RideRequested>(event.payload)) {
    return on_requested(event, db, effects);
  }
  return on_declined(event, db);
}

Status MatchingReactor::on_requested(const events::Event& event, store::Database& db,
                                     service::Effects& effects) {
  const auto& ride = std::get<RideRequested>(event.payload);
  HAIL_ASSIGN_OR_RETURN(const bool declined, is_noted_declined(db, kLogLane, ride.ride_id));
  HAIL_ASSIGN_OR_RETURN(
      auto outcome,
      declined ? dispatcher_.refuse(kLogLane, ride, std::string(PaymentDeclined::kType), db)
               : dispatcher_.match(kLogLane, ride, db));
  return effects.publish(events::make_event("/hailstorm/matching", event.time_ms,
                                            std::move(outcome), event.traceparent));
}

Status MatchingReactor::on_declined(const events::Event& event, store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(const auto match, find(db, kLogLane, event.ride_id()));
  if (!match) return note_declined(db, kLogLane, event.ride_id());
  return dispatcher_.release(kLogLane, event.ride_id(), db);
}

}  // namespace hailstorm::matching

#include "services/payment/reactor.h"

#include <variant>

#include "common/service/recalled.h"
#include "services/payment/store.h"

namespace hailstorm::payment {

using events::Lane;
using events::RideRequested;
using events::RideUnmatched;

std::vector<std::string> PaymentReactor::topics() const {
  return {std::string(RideRequested::kType), std::string(RideUnmatched::kType)};
}

std::vector<std::string> PaymentReactor::publishes() const {
  return {std::string(events::PaymentAuthorized::kType),
          std::string(events::PaymentDeclined::kType)};
}

Result<bool> PaymentReactor::recall(const events::Event& event, store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(const auto payment, find(db, Lane::log, event.ride_id()));
  if (payment) return false;
  HAIL_RETURN_IF_ERROR(service::remember_recalled(db, event));
  return true;
}

Result<bool> PaymentReactor::is_empty(store::Database& db) const {
  HAIL_ASSIGN_OR_RETURN(const bool any, db.has_row("SELECT 1 FROM payments LIMIT 1"));
  return !any;
}

Status PaymentReactor::react(const events::Event& event, store::Database& db,
                             service::Effects& effects) {
  if (std::holds_alternative<RideRequested>(event.payload)) {
    return on_requested(event, db, effects);
  }
  return on_unmatched(event.ride_id(), db);
}

Status PaymentReactor::on_requested(const events::Event& event, store::Database& db,
                                    service::Effects& effects) {
  const auto& ride = std::get<RideRequested>(event.payload);
  HAIL_ASSIGN_OR_RETURN(const bool unmatched, is_noted_unmatched(db, Lane::log, ride.ride_id));
  HAIL_ASSIGN_OR_RETURN(const auto decided, service::take_recalled(db, ride.ride_id));
  if (decided) return cashier_.keep(Lane::log, ride, *decided, unmatched, db);
  HAIL_ASSIGN_OR_RETURN(
      auto outcome, unmatched
                        ? cashier_.decline(Lane::log, ride, std::string(RideUnmatched::kType), db)
                        : cashier_.charge(Lane::log, ride, db));
  return effects.publish(events::make_event("/hailstorm/payment", event.time_ms, std::move(outcome),
                                            event.traceparent));
}

Status PaymentReactor::on_unmatched(const std::string& ride_id, store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(const auto payment, find(db, Lane::log, ride_id));
  if (!payment) return note_unmatched(db, Lane::log, ride_id);
  return cashier_.give_back(Lane::log, ride_id, db);
}

}  // namespace hailstorm::payment

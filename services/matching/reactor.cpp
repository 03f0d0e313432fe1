#include "services/matching/reactor.h"

#include <utility>
#include <variant>

#include "common/service/recalled.h"
#include "services/matching/store.h"

namespace hailstorm::matching {

using events::Lane;
using events::PaymentDeclined;
using events::RideRequested;

namespace {

/// The log has decisions about rides whose drivers are not busy yet.
Result<bool> decisions_are_missing(store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(const bool has_recalled, service::has_recalled(db));
  if (has_recalled) return true;
  return has_postponed(db);
}

}  // namespace

std::vector<std::string> MatchingReactor::topics() const {
  return {std::string(RideRequested::kType), std::string(PaymentDeclined::kType)};
}

std::vector<std::string> MatchingReactor::publishes() const {
  return {std::string(events::RideMatched::kType), std::string(events::RideUnmatched::kType)};
}

Result<bool> MatchingReactor::recall(const events::Event& event, store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(const auto match, find(db, Lane::log, event.ride_id()));
  if (match) return false;
  HAIL_RETURN_IF_ERROR(service::remember_recalled(db, event));
  return true;
}

Result<bool> MatchingReactor::is_empty(store::Database& db) const {
  HAIL_ASSIGN_OR_RETURN(const bool any, db.has_row("SELECT 1 FROM matches LIMIT 1"));
  return !any;
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
  HAIL_ASSIGN_OR_RETURN(const auto decided, service::take_recalled(db, event.ride_id()));
  if (decided) return keep(event, *decided, db);
  // A driver that looks free may have a ride that was decided and is not read yet.
  HAIL_ASSIGN_OR_RETURN(const bool must_wait, decisions_are_missing(db));
  return must_wait ? postpone(db, event) : decide(event, db, effects);
}

Status MatchingReactor::decide(const events::Event& event, store::Database& db,
                               service::Effects& effects) {
  const auto& ride = std::get<RideRequested>(event.payload);
  HAIL_ASSIGN_OR_RETURN(const bool declined, is_noted_declined(db, Lane::log, ride.ride_id));
  HAIL_ASSIGN_OR_RETURN(
      auto outcome,
      declined ? dispatcher_.refuse(Lane::log, ride, std::string(PaymentDeclined::kType), db)
               : dispatcher_.match(Lane::log, ride, db));
  return effects.publish(events::make_event("/hailstorm/matching", event.time_ms,
                                            std::move(outcome), event.traceparent));
}

Status MatchingReactor::keep(const events::Event& event, const events::Payload& decided,
                             store::Database& db) {
  const auto& ride = std::get<RideRequested>(event.payload);
  if (const auto* unmatched = std::get_if<events::RideUnmatched>(&decided)) {
    HAIL_RETURN_IF_ERROR(dispatcher_.refuse(Lane::log, ride, unmatched->reason, db));
    return {};
  }
  HAIL_ASSIGN_OR_RETURN(
      const bool has_driver,
      dispatcher_.keep(Lane::log, ride, std::get<events::RideMatched>(decided), db));
  HAIL_ASSIGN_OR_RETURN(const bool declined, is_noted_declined(db, Lane::log, ride.ride_id));
  if (declined) return dispatcher_.release(Lane::log, ride.ride_id, db);
  return has_driver ? Status() : postpone(db, event);
}

/// All releases were read by now: of a driver that is still busy, the free time around the ride was
/// forgotten.
Status MatchingReactor::rebuilt(store::Database& db, service::Effects& effects) {
  HAIL_ASSIGN_OR_RETURN(const auto events, take_postponed(db));
  std::vector<events::Event> undecided;
  for (const auto& event : events) {
    const auto& ride = std::get<RideRequested>(event.payload);
    HAIL_ASSIGN_OR_RETURN(const auto match, find(db, Lane::log, ride.ride_id));
    if (!match) undecided.push_back(event);
    if (match) HAIL_RETURN_IF_ERROR(dispatcher_.occupy(*match, ride, db));
  }
  for (const auto& event : undecided) HAIL_RETURN_IF_ERROR(decide(event, db, effects));
  return {};
}

Status MatchingReactor::on_declined(const events::Event& event, store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(const auto match, find(db, Lane::log, event.ride_id()));
  if (!match) return note_declined(db, Lane::log, event.ride_id());
  return dispatcher_.release(Lane::log, event.ride_id(), db);
}

}  // namespace hailstorm::matching

#include "services/matching/dispatcher.h"

#include <algorithm>
#include <utility>

namespace hailstorm::matching {

Result<Fleet*> Dispatcher::fleet(events::Lane lane, store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(const int64_t version, db.data_version());
  if (version != data_version_) HAIL_RETURN_IF_ERROR(catch_up(db));
  data_version_ = version;
  auto found = fleets_.find(lane);
  if (found == fleets_.end()) {
    HAIL_ASSIGN_OR_RETURN(auto drivers, load_drivers(db, lane));
    found = fleets_.emplace(lane, Fleet(std::move(drivers))).first;
  }
  return &found->second;
}

Status Dispatcher::catch_up(store::Database& db) {
  for (auto& [lane, fleet] : fleets_) {
    HAIL_ASSIGN_OR_RETURN(auto changed, load_drivers(db, lane, fleet.last_change()));
    for (Driver& driver : changed) fleet.put(std::move(driver));
  }
  return {};
}

Result<events::Payload> Dispatcher::match(events::Lane lane, const events::RideRequested& ride,
                                          store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(Fleet* const drivers, fleet(lane, db));
  const auto assignment = drivers->assign(ride);
  if (!assignment) return refuse(lane, ride, "no_driver", db);
  Match match;
  match.lane = lane;
  match.ride_id = ride.ride_id;
  match.driver_id = assignment->driver_id;
  match.start = assignment->start;
  match.from_ms = assignment->from_ms;
  match.until_ms = assignment->until_ms;
  HAIL_RETURN_IF_ERROR(insert(db, match));
  HAIL_RETURN_IF_ERROR(save(db, lane, match.driver_id, assignment->change));
  return events::Payload(events::RideMatched{ride.ride_id, ride.rider_id, assignment->driver_id,
                                             assignment->pickup_at_ms, assignment->until_ms});
}

Result<events::Payload> Dispatcher::refuse(events::Lane lane, const events::RideRequested& ride,
                                           const std::string& reason, store::Database& db) {
  Match unmatched;
  unmatched.lane = lane;
  unmatched.ride_id = ride.ride_id;
  unmatched.from_ms = unmatched.until_ms = ride.requested_at_ms;
  unmatched.reason = reason;
  HAIL_RETURN_IF_ERROR(insert(db, unmatched));
  return events::Payload(events::RideUnmatched{ride.ride_id, ride.rider_id, reason});
}

Result<bool> Dispatcher::keep(events::Lane lane, const events::RideRequested& ride,
                              const events::RideMatched& decided, store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(Fleet* const drivers, fleet(lane, db));
  Match match;
  match.lane = lane;
  match.ride_id = ride.ride_id;
  match.driver_id = decided.driver_id;
  match.start = ride.pickup;
  match.from_ms = ride.requested_at_ms;
  match.until_ms = std::max(decided.dropoff_at_ms, match.from_ms + 1);
  const auto assignment = drivers->assign_to(match.driver_id, ride, match.until_ms);
  if (assignment) match.start = assignment->start;
  HAIL_RETURN_IF_ERROR(insert(db, match));
  if (!assignment) return false;
  HAIL_RETURN_IF_ERROR(save(db, lane, match.driver_id, assignment->change));
  return true;
}

Status Dispatcher::occupy(const Match& match, const events::RideRequested& ride,
                          store::Database& db) {
  if (match.driver_id.empty() || match.released) return {};
  HAIL_ASSIGN_OR_RETURN(Fleet* const drivers, fleet(match.lane, db));
  const auto assignment = drivers->assign_to(match.driver_id, ride, match.until_ms);
  return assignment ? save(db, match.lane, match.driver_id, assignment->change) : Status();
}

Status Dispatcher::release(events::Lane lane, const std::string& ride_id, store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(const auto match, find(db, lane, ride_id));
  if (!match || match->driver_id.empty() || match->released) return {};
  HAIL_RETURN_IF_ERROR(set_released(db, match->id));
  HAIL_ASSIGN_OR_RETURN(Fleet* const drivers, fleet(lane, db));
  const auto change = drivers->give_back(match->driver_id, match->from_ms, match->until_ms);
  return change ? save(db, lane, match->driver_id, *change) : Status();
}

}  // namespace hailstorm::matching

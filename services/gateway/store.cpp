#include "services/gateway/store.h"

#include "common/service/service.h"

namespace hailstorm::gateway {

const std::vector<std::string>& migrations() {
  // Row ids in the order of arrival, ids of rides only in an index: random ids as the table's own
  // order would dirty one page per row.
  static const std::vector<std::string> kSteps = {R"(
    CREATE TABLE rides(
      id INTEGER PRIMARY KEY,
      lane TEXT NOT NULL,
      ride_id TEXT NOT NULL,
      rider_id TEXT NOT NULL,
      idempotency_key TEXT,
      pickup_lat REAL NOT NULL, pickup_lon REAL NOT NULL,
      dropoff_lat REAL NOT NULL, dropoff_lon REAL NOT NULL,
      requested_at_ms INTEGER NOT NULL,
      answer TEXT,
      accepted_ms INTEGER NOT NULL);
    CREATE UNIQUE INDEX rides_by_ride ON rides(ride_id, lane);
    CREATE TABLE timeline(
      id INTEGER PRIMARY KEY,
      ride_id TEXT NOT NULL,
      type TEXT NOT NULL,
      time_ms INTEGER NOT NULL,
      payload TEXT NOT NULL);
    CREATE UNIQUE INDEX timeline_by_ride ON timeline(ride_id, type);
  )"};
  return kSteps;
}

Result<bool> insert_ride(store::Database& db, const AcceptedRide& accepted) {
  const auto text_or_null = [](const std::string& text) -> store::Value {
    if (text.empty()) return nullptr;
    return std::string_view(text);
  };
  const events::RideRequested& ride = accepted.ride;
  HAIL_RETURN_IF_ERROR(
      db.run("INSERT INTO rides(lane, ride_id, rider_id, idempotency_key, pickup_lat, pickup_lon,"
             " dropoff_lat, dropoff_lon, requested_at_ms, answer, accepted_ms)"
             " VALUES(?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
             {name_of(accepted.lane), std::string_view(ride.ride_id),
              std::string_view(ride.rider_id), text_or_null(accepted.idempotency_key),
              ride.pickup.lat, ride.pickup.lon, ride.dropoff.lat, ride.dropoff.lon,
              ride.requested_at_ms, text_or_null(accepted.answer), accepted.accepted_ms}));
  return db.changes() == 1;
}

Result<std::optional<AcceptedRide>> find_ride(store::Database& db, events::Lane lane,
                                              std::string_view ride_id) {
  std::optional<AcceptedRide> found;
  HAIL_RETURN_IF_ERROR(
      db.query("SELECT rider_id, idempotency_key, pickup_lat, pickup_lon, dropoff_lat, dropoff_lon,"
               " requested_at_ms, answer, accepted_ms FROM rides WHERE ride_id = ? AND lane = ?",
               {ride_id, name_of(lane)}, [&](const store::Row& row) {
                 AcceptedRide one;
                 one.lane = lane;
                 one.ride.ride_id = ride_id;
                 one.ride.rider_id = row.text(0);
                 if (!row.is_null(1)) one.idempotency_key = row.text(1);
                 one.ride.pickup = {row.real(2), row.real(3)};
                 one.ride.dropoff = {row.real(4), row.real(5)};
                 one.ride.requested_at_ms = row.integer(6);
                 if (!row.is_null(7)) one.answer = row.text(7);
                 one.accepted_ms = row.integer(8);
                 found = std::move(one);
               }));
  return found;
}

Status add_to_timeline(store::Database& db, const events::Event& outcome) {
  const std::string payload = events::to_json(outcome.payload);
  return db.run(
      "INSERT INTO timeline(ride_id, type, time_ms, payload) VALUES(?,?,?,?)"
      " ON CONFLICT DO NOTHING",
      {std::string_view(outcome.ride_id()), outcome.type(), outcome.time_ms,
       std::string_view(payload)});
}

Result<std::vector<TimelineEntry>> timeline_of(store::Database& db, std::string_view ride_id) {
  std::vector<TimelineEntry> entries;
  HAIL_RETURN_IF_ERROR(
      // Not in the order of arrival, which a store that is rebuilt from the log does not know.
      db.query("SELECT type, time_ms, payload FROM timeline WHERE ride_id = ? "
               "ORDER BY time_ms, type DESC",
               {ride_id}, [&](const store::Row& row) {
                 entries.push_back({row.text(0), row.integer(1), row.text(2)});
               }));
  return entries;
}

}  // namespace hailstorm::gateway

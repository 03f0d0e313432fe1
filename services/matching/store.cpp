#include "services/matching/store.h"

namespace hailstorm::matching {

using store::Row;

const std::vector<std::string>& migrations() {
  // No UNIQUE on the ride: if an effect ever happened twice, it must show.
  static const std::vector<std::string> kSteps = {R"(
    CREATE TABLE drivers(
      lane TEXT NOT NULL, driver_id TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL,
      free_from_ms INTEGER NOT NULL, PRIMARY KEY(lane, driver_id)) WITHOUT ROWID;
    CREATE TABLE matches(
      id INTEGER PRIMARY KEY, lane TEXT NOT NULL, ride_id TEXT NOT NULL, outcome TEXT NOT NULL,
      driver_id TEXT, start_lat REAL NOT NULL, start_lon REAL NOT NULL, from_ms INTEGER NOT NULL,
      until_ms INTEGER NOT NULL, released INTEGER NOT NULL, reason TEXT NOT NULL);
    CREATE INDEX matches_by_ride ON matches(ride_id);
    CREATE TABLE declined_first(
      lane TEXT NOT NULL, ride_id TEXT NOT NULL, PRIMARY KEY(lane, ride_id)) WITHOUT ROWID;)"};
  return kSteps;
}

Result<std::vector<Driver>> load_drivers(store::Database& db, std::string_view lane) {
  std::vector<Driver> drivers;
  HAIL_RETURN_IF_ERROR(db.query(
      "SELECT driver_id, lat, lon, free_from_ms FROM drivers WHERE lane=? ORDER BY driver_id",
      {lane}, [&](const Row& row) {
        drivers.push_back({row.text(0), {row.real(1), row.real(2)}, row.integer(3)});
      }));
  return drivers;
}

Status seed_drivers(store::Database& db, std::string_view lane,
                    const std::vector<Driver>& drivers) {
  bool any = false;
  HAIL_RETURN_IF_ERROR(db.query("SELECT 1 FROM drivers WHERE lane=? LIMIT 1", {lane},
                                [&](const Row&) { any = true; }));
  if (any) return {};
  for (const Driver& driver : drivers) {
    HAIL_RETURN_IF_ERROR(
        db.run("INSERT INTO drivers(lane, driver_id, lat, lon, free_from_ms) VALUES(?,?,?,?,?)",
               {lane, std::string_view(driver.id), driver.position.lat, driver.position.lon,
                driver.free_from_ms}));
  }
  return {};
}

Status save_driver(store::Database& db, std::string_view lane, const Driver& driver) {
  return db.run("UPDATE drivers SET lat=?, lon=?, free_from_ms=? WHERE lane=? AND driver_id=?",
                {driver.position.lat, driver.position.lon, driver.free_from_ms, lane,
                 std::string_view(driver.id)});
}

Status insert(store::Database& db, const Match& match) {
  const bool matched = !match.driver_id.empty();
  const store::Value driver =
      matched ? store::Value(std::string_view(match.driver_id)) : store::Value(nullptr);
  return db.run(
      "INSERT INTO matches(lane, ride_id, outcome, driver_id, start_lat, start_lon, from_ms, "
      "until_ms, released, reason) VALUES(?,?,?,?,?,?,?,?,?,?)",
      {std::string_view(match.lane), std::string_view(match.ride_id),
       std::string_view(matched ? "matched" : "unmatched"), driver, match.start.lat,
       match.start.lon, match.from_ms, match.until_ms, int64_t{match.released},
       std::string_view(match.reason)});
}

Result<std::optional<Match>> find(store::Database& db, std::string_view lane,
                                  std::string_view ride_id) {
  std::optional<Match> found;
  HAIL_RETURN_IF_ERROR(db.query(
      "SELECT id, lane, ride_id, coalesce(driver_id, ''), start_lat, start_lon, from_ms, until_ms, "
      "released, reason FROM matches WHERE ride_id=? AND lane=? ORDER BY id DESC LIMIT 1",
      {ride_id, lane}, [&](const Row& row) {
        found = Match{row.integer(0),
                      row.text(1),
                      row.text(2),
                      row.text(3),
                      {row.real(4), row.real(5)},
                      row.integer(6),
                      row.integer(7),
                      row.integer(8) != 0,
                      row.text(9)};
      }));
  return found;
}

Status set_released(store::Database& db, int64_t id, int64_t at_ms) {
  return db.run("UPDATE matches SET released=1, until_ms=? WHERE id=?", {at_ms, id});
}

Status note_declined(store::Database& db, std::string_view lane, std::string_view ride_id) {
  return db.run("INSERT OR IGNORE INTO declined_first(lane, ride_id) VALUES(?,?)", {lane, ride_id});
}

Result<bool> is_noted_declined(store::Database& db, std::string_view lane,
                               std::string_view ride_id) {
  bool noted = false;
  HAIL_RETURN_IF_ERROR(db.query("SELECT 1 FROM declined_first WHERE lane=? AND ride_id=?",
                                {lane, ride_id}, [&](const Row&) { noted = true; }));
  return noted;
}

}  // namespace hailstorm::matching

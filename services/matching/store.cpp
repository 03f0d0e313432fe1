#include "services/matching/store.h"

#include <algorithm>
#include <utility>

namespace hailstorm::matching {
namespace {

using store::Row;

// No UNIQUE on the ride: if an effect ever happened twice, it must show.
constexpr const char* kFirstTables = R"(
    CREATE TABLE drivers(
      lane TEXT NOT NULL, driver_id TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL,
      free_from_ms INTEGER NOT NULL, PRIMARY KEY(lane, driver_id)) WITHOUT ROWID;
    CREATE TABLE matches(
      id INTEGER PRIMARY KEY, lane TEXT NOT NULL, ride_id TEXT NOT NULL, outcome TEXT NOT NULL,
      driver_id TEXT, start_lat REAL NOT NULL, start_lon REAL NOT NULL, from_ms INTEGER NOT NULL,
      until_ms INTEGER NOT NULL, released INTEGER NOT NULL, reason TEXT NOT NULL);
    CREATE INDEX matches_by_ride ON matches(ride_id);
    CREATE TABLE declined_first(
      lane TEXT NOT NULL, ride_id TEXT NOT NULL, PRIMARY KEY(lane, ride_id)) WITHOUT ROWID;)";

// Before this step a driver was free from its last ride's end on and at no other time. The free
// times between its last 60 rides come from `matches`, where a driver waits at the next ride's
// start and must be there when that begins. 2305843009213693952 is kEndMs.
constexpr const char* kFreeTimes = R"(
    CREATE TABLE free_times(
      lane TEXT NOT NULL, driver_id TEXT NOT NULL, from_ms INTEGER NOT NULL,
      until_ms INTEGER NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL, next_lat REAL NOT NULL,
      next_lon REAL NOT NULL, next_at_ms INTEGER NOT NULL, change INTEGER NOT NULL,
      PRIMARY KEY(lane, driver_id, from_ms)) WITHOUT ROWID;
    CREATE TEMP VIEW busy AS
      SELECT *, lag(until_ms, 1, -2305843009213693952) OVER rides AS free_from_ms,
        row_number() OVER (PARTITION BY lane, driver_id ORDER BY from_ms DESC, id DESC) AS age
      FROM matches WHERE outcome='matched' AND released=0
      WINDOW rides AS (PARTITION BY lane, driver_id ORDER BY from_ms, id);
    INSERT OR IGNORE INTO free_times
      SELECT lane, driver_id, free_from_ms, from_ms, start_lat, start_lon, start_lat, start_lon,
        from_ms, id
      FROM busy WHERE free_from_ms <= from_ms AND (age <= 60 OR free_from_ms < 0);
    INSERT OR IGNORE INTO free_times
      SELECT d.lane, d.driver_id, coalesce(b.until_ms, -2305843009213693952), 2305843009213693952,
        d.lat, d.lon, d.lat, d.lon, 2305843009213693952, coalesce(b.id, 0)
      FROM drivers d LEFT JOIN busy b ON b.lane=d.lane AND b.driver_id=d.driver_id AND b.age=1;
    DROP VIEW busy;
    ALTER TABLE drivers RENAME TO drivers_before;
    CREATE TABLE drivers(
      lane TEXT NOT NULL, driver_id TEXT NOT NULL, change INTEGER NOT NULL,
      PRIMARY KEY(lane, driver_id)) WITHOUT ROWID;
    INSERT INTO drivers SELECT lane, driver_id, (SELECT coalesce(max(id), 0) FROM matches)
      FROM drivers_before;
    DROP TABLE drivers_before;)";

// Requests that wait until the store is rebuilt.
constexpr const char* kPostponed = R"(
    CREATE TABLE postponed(
      id INTEGER PRIMARY KEY, source TEXT NOT NULL, time_ms INTEGER NOT NULL,
      traceparent TEXT NOT NULL, type TEXT NOT NULL, payload TEXT NOT NULL);)";

Status insert_free(store::Database& db, events::Lane lane, std::string_view driver_id,
                   const FreeTime& free) {
  return db.run(
      "INSERT OR REPLACE INTO free_times(lane, driver_id, from_ms, until_ms, lat, lon, next_lat, "
      "next_lon, next_at_ms, change) VALUES(?,?,?,?,?,?,?,?,?,?)",
      {name_of(lane), driver_id, free.from_ms, free.until_ms, free.place.lat, free.place.lon,
       free.next.place.lat, free.next.place.lon, free.next.at_ms, free.change});
}

}  // namespace

const std::vector<std::string>& migrations() {
  static const std::vector<std::string> kSteps = {kFirstTables, kFreeTimes, kPostponed};
  return kSteps;
}

Result<std::vector<Driver>> load_drivers(store::Database& db, events::Lane lane,
                                         int64_t after_change) {
  std::vector<Driver> drivers;
  HAIL_RETURN_IF_ERROR(db.query(
      "SELECT d.driver_id, d.change, f.from_ms, f.until_ms, f.lat, f.lon, f.next_lat, f.next_lon, "
      "f.next_at_ms, f.change FROM drivers d JOIN free_times f ON f.lane=d.lane AND "
      "f.driver_id=d.driver_id WHERE d.lane=? AND d.change>? ORDER BY d.driver_id, f.from_ms",
      {name_of(lane), after_change}, [&](const Row& row) {
        const FreeTime one{row.integer(2),
                           row.integer(3),
                           {row.real(4), row.real(5)},
                           {{row.real(6), row.real(7)}, row.integer(8)},
                           row.integer(9)};
        const std::string id = row.text(0);
        if (drivers.empty() || drivers.back().id != id) {
          drivers.push_back({id, Schedule(), row.integer(1)});
        }
        drivers.back().schedule.append(one);
      }));
  return drivers;
}

Status seed_drivers(store::Database& db, events::Lane lane, const std::vector<Driver>& drivers) {
  bool any = false;
  HAIL_RETURN_IF_ERROR(db.query("SELECT 1 FROM drivers WHERE lane=? LIMIT 1", {name_of(lane)},
                                [&](const Row&) { any = true; }));
  if (any) return {};
  for (const Driver& driver : drivers) {
    HAIL_RETURN_IF_ERROR(db.run("INSERT INTO drivers(lane, driver_id, change) VALUES(?,?,?)",
                                {name_of(lane), std::string_view(driver.id), driver.change}));
    for (const FreeTime& free : driver.schedule.free()) {
      HAIL_RETURN_IF_ERROR(insert_free(db, lane, driver.id, free));
    }
  }
  return {};
}

Status save(store::Database& db, events::Lane lane, std::string_view driver_id,
            const Change& change) {
  for (const FreeTime& removed : change.removed) {
    const bool replaced =
        std::any_of(change.added.begin(), change.added.end(),
                    [&](const FreeTime& added) { return added.from_ms == removed.from_ms; });
    if (replaced) continue;
    HAIL_RETURN_IF_ERROR(db.run("DELETE FROM free_times WHERE lane=? AND driver_id=? AND from_ms=?",
                                {name_of(lane), driver_id, removed.from_ms}));
  }
  for (const FreeTime& added : change.added) {
    HAIL_RETURN_IF_ERROR(insert_free(db, lane, driver_id, added));
  }
  return db.run("UPDATE drivers SET change=? WHERE lane=? AND driver_id=?",
                {change.number, name_of(lane), driver_id});
}

Status insert(store::Database& db, const Match& match) {
  const bool matched = !match.driver_id.empty();
  const store::Value driver =
      matched ? store::Value(std::string_view(match.driver_id)) : store::Value(nullptr);
  return db.run(
      "INSERT INTO matches(lane, ride_id, outcome, driver_id, start_lat, start_lon, from_ms, "
      "until_ms, released, reason) VALUES(?,?,?,?,?,?,?,?,?,?)",
      {name_of(match.lane), std::string_view(match.ride_id),
       std::string_view(matched ? "matched" : "unmatched"), driver, match.start.lat,
       match.start.lon, match.from_ms, match.until_ms, int64_t{match.released},
       std::string_view(match.reason)});
}

Result<std::optional<Match>> find(store::Database& db, events::Lane lane,
                                  std::string_view ride_id) {
  std::optional<Match> found;
  HAIL_RETURN_IF_ERROR(db.query(
      "SELECT id, lane, ride_id, coalesce(driver_id, ''), start_lat, start_lon, from_ms, until_ms, "
      "released, reason FROM matches WHERE ride_id=? AND lane=? ORDER BY id DESC LIMIT 1",
      {ride_id, name_of(lane)}, [&](const Row& row) {
        found = Match{row.integer(0),
                      lane,
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

Status set_released(store::Database& db, int64_t id) {
  return db.run("UPDATE matches SET released=1, until_ms=from_ms WHERE id=?", {id});
}

Status note_declined(store::Database& db, events::Lane lane, std::string_view ride_id) {
  return db.run("INSERT OR IGNORE INTO declined_first(lane, ride_id) VALUES(?,?)",
                {name_of(lane), ride_id});
}

Result<bool> is_noted_declined(store::Database& db, events::Lane lane, std::string_view ride_id) {
  return db.has_row("SELECT 1 FROM declined_first WHERE lane=? AND ride_id=?",
                    {name_of(lane), ride_id});
}

Status postpone(store::Database& db, const events::Event& request) {
  const std::string payload = events::to_json(request.payload);
  return db.run(
      "INSERT INTO postponed(source, time_ms, traceparent, type, payload) VALUES(?,?,?,?,?)",
      {std::string_view(request.source), request.time_ms, std::string_view(request.traceparent),
       request.type(), std::string_view(payload)});
}

Result<bool> has_postponed(store::Database& db) {
  return db.has_row("SELECT 1 FROM postponed LIMIT 1");
}

Result<std::vector<events::Event>> take_postponed(store::Database& db) {
  std::vector<events::Event> requests;
  Status first;
  HAIL_RETURN_IF_ERROR(
      db.query("SELECT source, time_ms, traceparent, type, payload FROM postponed ORDER BY id", {},
               [&](const Row& row) {
                 auto payload = events::from_json(row.text(3), row.text(4));
                 if (!payload) {
                   first = payload.error();
                   return;
                 }
                 requests.push_back(events::make_event(row.text(0), row.integer(1),
                                                       std::move(payload).value(), row.text(2)));
               }));
  HAIL_RETURN_IF_ERROR(std::move(first));
  HAIL_RETURN_IF_ERROR(db.run("DELETE FROM postponed"));
  return requests;
}

}  // namespace hailstorm::matching

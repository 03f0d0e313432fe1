#include "services/analytics/store.h"

#include <fmt/format.h>
#include <variant>

#include "services/analytics/zone.h"

namespace hailstorm::analytics {
namespace {

using store::Row;

Status insert(store::Database& db, events::Lane lane, const events::Event& event,
              const std::string& zone, int64_t minute) {
  return db.run("INSERT INTO counted(lane, ride_id, kind, zone, minute) VALUES(?,?,?,?,?)",
                {name_of(lane), std::string_view(event.ride_id()), event.type(),
                 std::string_view(zone), minute});
}

/// The columns to group by; the others are constants.
std::string_view grouping(By by) {
  switch (by) {
    case By::lane:
      return "lane, ''  AS z, -1 AS m";
    case By::zone:
      return "lane, zone AS z, -1 AS m";
    case By::zone_and_minute:
      return "lane, zone AS z, minute AS m";
  }
  return "";
}

}  // namespace

const std::vector<std::string>& migrations() {
  // No UNIQUE on ride and kind: if an event was ever counted twice, it must show.
  static const std::vector<std::string> kSteps = {R"(
    CREATE TABLE counted(
      id INTEGER PRIMARY KEY, lane TEXT NOT NULL, ride_id TEXT NOT NULL, kind TEXT NOT NULL,
      zone TEXT NOT NULL, minute INTEGER NOT NULL);
    CREATE INDEX counted_by_ride ON counted(ride_id);)"};
  return kSteps;
}

Status count(store::Database& db, events::Lane lane, const events::Event& event) {
  const std::string_view ride_id = event.ride_id();
  std::string zone;
  int64_t minute = -1;
  if (const auto* ride = std::get_if<events::RideRequested>(&event.payload)) {
    zone = zone_of(ride->pickup);
    minute = ride->requested_at_ms / kMsPerMinute;
    HAIL_RETURN_IF_ERROR(
        db.run("UPDATE counted SET zone=?, minute=? WHERE ride_id=? AND lane=? AND zone=''",
               {std::string_view(zone), minute, ride_id, name_of(lane)}));
  } else {
    HAIL_RETURN_IF_ERROR(
        db.query("SELECT zone, minute FROM counted WHERE ride_id=? AND lane=? LIMIT 1",
                 {ride_id, name_of(lane)}, [&](const Row& row) {
                   zone = row.text(0);
                   minute = row.integer(1);
                 }));
  }
  return insert(db, lane, event, zone, minute);
}

Result<std::vector<Funnel>> funnels(store::Database& db, By by) {
  const std::string sql = fmt::format(
      "SELECT {}, sum(kind='ride_requested'), sum(kind='ride_matched'), sum(kind='ride_unmatched'),"
      " sum(kind='payment_authorized'), sum(kind='payment_declined') FROM counted"
      " GROUP BY lane, z, m ORDER BY lane, m, z",
      grouping(by));
  std::vector<Funnel> funnels;
  HAIL_RETURN_IF_ERROR(db.query(sql, {}, [&](const Row& row) {
    funnels.push_back({row.text(0), row.text(1), row.integer(2), row.integer(3), row.integer(4),
                       row.integer(5), row.integer(6), row.integer(7)});
  }));
  return funnels;
}

}  // namespace hailstorm::analytics

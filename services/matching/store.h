#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/events/lane.h"
#include "common/store/database.h"
#include "services/matching/fleet.h"

/// Matching's own tables, and the only place that knows their SQL. Every function runs inside the
/// caller's transaction.
namespace hailstorm::matching {

[[nodiscard]] const std::vector<std::string>& migrations();

/// The lane's drivers whose last change is above `after_change`; -1: all.
[[nodiscard]] Result<std::vector<Driver>> load_drivers(store::Database& db, events::Lane lane,
                                                       int64_t after_change = -1);
/// Makes these the lane's drivers if it has none yet.
[[nodiscard]] Status seed_drivers(store::Database& db, events::Lane lane,
                                  const std::vector<Driver>& drivers);
/// Writes what became different in a driver's free times.
[[nodiscard]] Status save(store::Database& db, events::Lane lane, std::string_view driver_id,
                          const Change& change);

/// One row of `matches`: a driver is busy from `from_ms` until `until_ms`, event time.
struct Match {
  int64_t id = 0;
  events::Lane lane = events::Lane::log;
  std::string ride_id;
  std::string driver_id;  // empty: unmatched
  events::GeoPoint start;
  int64_t from_ms = 0;
  int64_t until_ms = 0;
  bool released = false;
  std::string reason;
};
[[nodiscard]] Status insert(store::Database& db, const Match& match);
/// The ride's newest match.
[[nodiscard]] Result<std::optional<Match>> find(store::Database& db, events::Lane lane,
                                                std::string_view ride_id);
/// The ride was cancelled: its driver was busy for no time.
[[nodiscard]] Status set_released(store::Database& db, int64_t id);

/// The ride's payment was declined before matching had seen its request.
[[nodiscard]] Status note_declined(store::Database& db, events::Lane lane,
                                   std::string_view ride_id);
[[nodiscard]] Result<bool> is_noted_declined(store::Database& db, events::Lane lane,
                                             std::string_view ride_id);

/// Keeps a request that cannot be decided yet.
[[nodiscard]] Status postpone(store::Database& db, const events::Event& request);
[[nodiscard]] Result<bool> has_postponed(store::Database& db);
/// The requests that were kept, in their order; they are kept no longer.
[[nodiscard]] Result<std::vector<events::Event>> take_postponed(store::Database& db);

}  // namespace hailstorm::matching

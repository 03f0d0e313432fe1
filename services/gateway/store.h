#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/events/events.h"
#include "common/events/lane.h"
#include "common/store/database.h"

/// The gateway's tables: `rides`, one row per accepted ride and lane, and `timeline`, one row per
/// outcome of a ride on the log lane.
///
/// Thread safety: as the connection that is passed in.
namespace hailstorm::gateway {

/// A ride as it was accepted.
struct AcceptedRide {
  events::Lane lane = events::Lane::log;
  events::RideRequested ride;
  std::string idempotency_key;  // empty: none was given
  std::string answer;           // what the chain answered (JSON); empty on the log lane
  int64_t accepted_ms = 0;
};

/// One outcome as the rider may see it.
struct TimelineEntry {
  std::string type;
  int64_t time_ms = 0;
  std::string payload_json;
};

[[nodiscard]] const std::vector<std::string>& migrations();

/// False when this lane has a ride of this id already; then nothing is written.
[[nodiscard]] Result<bool> insert_ride(store::Database& db, const AcceptedRide& accepted);

[[nodiscard]] Result<std::optional<AcceptedRide>> find_ride(store::Database& db, events::Lane lane,
                                                            std::string_view ride_id);

/// A second event of the same type changes nothing: a ride has at most one.
[[nodiscard]] Status add_to_timeline(store::Database& db, const events::Event& outcome);

/// By event time.
[[nodiscard]] Result<std::vector<TimelineEntry>> timeline_of(store::Database& db,
                                                             std::string_view ride_id);

}  // namespace hailstorm::gateway

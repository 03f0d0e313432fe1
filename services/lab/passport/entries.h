#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/json/json.h"

/// What a passport of a ride consists of. Values.
namespace hailstorm::lab {

/// One thing that happened. Where it is not known when, it stands where it must have happened.
struct PassportEntry {
  std::optional<int64_t> time_ms;
  std::string lane;  // "log", "chain"
  std::string by;    // the service, or "log"
  /// accepted, waits (in an outbox), set aside, appended, handled, effect, message, skipped,
  /// dead letter, replayed, outcome
  std::string what;
  std::string event = {};                    // its type; empty: of none
  std::string detail = {};                   // for people
  json::Value more = json::Value::object();  // members of its own, for programs
};

struct Passport {
  std::string ride_id;
  std::string rider_id;     // empty: no store knows it
  std::string traceparent;  // of the rider's request; empty: there was none
  std::vector<PassportEntry> entries;
  std::vector<std::string> notes;  // what could not be read
};

/// So many records of each partition are looked at, from the ride's acceptance on: of each topic
/// that one partition which the rider's key leads to.
inline constexpr int64_t kMostRecordsLookedAt = 20'000;

/// So many of the newest rows are looked at in a table that has no index by ride.
inline constexpr int64_t kMostRowsLookedAt = 500'000;

}  // namespace hailstorm::lab

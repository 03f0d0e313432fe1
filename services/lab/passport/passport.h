#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"
#include "common/log/log.h"

/// The passport of a ride: everything that happened to it in both lanes, in order.
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

/// Where a passport is read from.
struct PassportSources {
  std::filesystem::path data;     // the stores are DATA/SERVICE/SERVICE.db; they are only read
  log::Engine* engine = nullptr;  // of the log; null: it is not read
};

/// So many records of each partition are looked at, from the ride's acceptance on: of each topic
/// that one partition which the rider's key leads to.
inline constexpr int64_t kMostRecordsLookedAt = 20'000;

/// Reads the stores, also while services run, then the log. A store that is not there, and a log
/// that does not answer, are notes. Errors: not_found where nothing knows the ride, and those of
/// the store layer.
[[nodiscard]] Result<Passport> passport_of(const PassportSources& sources,
                                           const std::string& ride_id);

/// {"ride_id","rider_id","traceparent","entries":[{"t_ms","lane","by","what","event","detail",…}],
/// "notes":[…]}; t_ms is null where it is not known.
[[nodiscard]] json::Value to_json(const Passport& passport);
/// The same, read. Errors: of the JSON layer.
[[nodiscard]] Result<Passport> passport_from(const json::Value& value);
/// A table, for people.
[[nodiscard]] std::string to_text(const Passport& passport);

}  // namespace hailstorm::lab

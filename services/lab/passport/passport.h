#pragma once

#include <filesystem>
#include <string>

#include "common/base/result.h"
#include "common/json/json.h"
#include "common/log/log.h"
#include "services/lab/passport/entries.h"

/// The passport of a ride: everything that happened to it in both lanes, in order.
namespace hailstorm::lab {

/// Where a passport is read from.
struct PassportSources {
  std::filesystem::path data;     // the stores are DATA/SERVICE/SERVICE.db; they are only read
  log::Engine* engine = nullptr;  // of the log; null: it is not read
};

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

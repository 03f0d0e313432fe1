#include "services/traffic/trips.h"

#include <fmt/format.h>
#include <utility>

#include "common/json/json.h"
#include "services/city/built_in_city.h"

namespace hailstorm::traffic {

Result<TripSource> TripSource::open(const std::string& name, std::function<bool()> stopped) {
  TripSource source;
  source.name_ = name;
  if (name == "none") {
    source.name_ = "built-in city";
    return source;
  }
  HAIL_ASSIGN_OR_RETURN(source.file_,
                        city::PickupFile::read(name, {.stopped = std::move(stopped)}));
  source.skipped_ = source.file_->skipped();
  return source;
}

city::Trip TripSource::trip(uint64_t seed, int64_t index) const {
  return file_ ? file_->trip(seed, index) : city::built_in_trip(seed, index);
}

std::vector<city::Trip> TripSource::trips(uint64_t seed, int64_t first, int64_t count) const {
  std::vector<city::Trip> trips;
  trips.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) trips.push_back(trip(seed, first + i));
  return trips;
}

Status TripSource::check_trips(int64_t count) const {
  return file_ ? file_->check_trips(count) : Status();
}

std::string TripSource::summary(int64_t asked_for) const {
  const auto read = file_ ? static_cast<int64_t>(file_->pickups().size()) : asked_for;
  const json::Value summary = {{"source", name_},
                               {"read", read},
                               {"skipped", skipped_.count()},
                               {"skipped_for", skipped_.to_json()}};
  return json::to_text(summary);
}

std::string TripSource::skipped_rows() const {
  std::string lines;
  for (const auto& row : skipped_.first()) {
    lines += fmt::format("line {}: {}; skipped\n", row.line, row.why);
  }
  return lines;
}

}  // namespace hailstorm::traffic

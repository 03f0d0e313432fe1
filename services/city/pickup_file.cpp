#include "services/city/pickup_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <variant>

#include "services/city/built_in_city.h"
#include "services/city/csv_reader.h"
#include "services/city/draw.h"
#include "services/city/outliers.h"
#include "services/city/pickup_rows.h"
#include "services/city/pickup_time.h"

namespace hailstorm::city {
namespace {

constexpr uint64_t kDropoffStream = 0x64726f70;
constexpr int64_t kMsPerMinute = 60'000;

/// A row other than `own`; where there is none, itself.
size_t dropoff_of(size_t own, size_t rows, Draw draw) {
  if (rows == 1) return own;
  const size_t drawn = draw.below(rows - 1);
  return drawn < own ? drawn : drawn + 1;
}

Error no_usable_row(const std::string& name, const SkippedRows& skipped) {
  const auto first = skipped.first();
  const std::string why =
      first.empty() ? "it holds no rows"
                    : fmt::format("{}; line {}: {}", skipped.text(), first[0].line, first[0].why);
  return {CityErrc::no_usable_row, fmt::format("no row of '{}' can be used: {}", name, why)};
}

Error too_many_rows(const std::string& name) {
  return {CityErrc::too_many_rows,
          fmt::format("'{}' has more than {} usable rows: give a part of it, such as "
                      "head -n {} FILE | ... --trips -",
                      name, PickupFile::kMostRows, PickupFile::kMostRows)};
}

}  // namespace

Result<PickupFile> PickupFile::read(const std::string& name, InputOptions options) {
  HAIL_ASSIGN_OR_RETURN(auto reader, CsvReader::open(name, std::move(options)));
  auto columns = read_header(reader);
  if (!columns.ok()) return std::move(columns).error().in(fmt::format("'{}'", name));
  PickupFile file(name);
  std::vector<int64_t> lines;
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(const auto record, reader.next());
    if (!record) break;
    auto row = read_row(*record, *columns);
    if (const auto* pickup = std::get_if<Pickup>(&row)) {
      if (std::ssize(lines) == kMostRows) return too_many_rows(name);
      file.pickups_.push_back(*pickup);
      lines.push_back(record->line);
    } else {
      auto& unusable = std::get<UnusableRow>(row);
      file.skipped_.add(unusable.reason, record->line, std::move(unusable.why));
    }
  }
  remove_outliers(file.pickups_, lines, file.skipped_);
  if (file.pickups_.empty()) return no_usable_row(name, file.skipped_);
  std::stable_sort(file.pickups_.begin(), file.pickups_.end(),
                   [](const Pickup& a, const Pickup& b) { return a.time_ms < b.time_ms; });
  return file;
}

int64_t PickupFile::lasts_ms() const {
  return pickups_.back().time_ms - pickups_.front().time_ms + kMsPerMinute;
}

Trip PickupFile::trip(uint64_t seed, int64_t index) const {
  const auto count = static_cast<int64_t>(pickups_.size());
  const auto own = static_cast<size_t>(index % count);
  const Pickup& pickup = pickups_[own];
  const size_t other = dropoff_of(own, pickups_.size(), Draw(seed ^ kDropoffStream, index));
  Trip trip;
  trip.rider_id = rider_of(seed, index);
  trip.pickup = pickup.place;
  trip.dropoff = pickups_[other].place;
  trip.requested_at_ms = pickup.time_ms + index / count * lasts_ms();
  return trip;
}

int64_t PickupFile::trip_count() const {
  const int64_t repetitions = (kEndOfTimeMs - 1 - pickups_.back().time_ms) / lasts_ms();
  return std::ssize(pickups_) * (1 + repetitions);
}

Status PickupFile::check_trips(int64_t count) const {
  if (count <= trip_count()) return {};
  return Error(
      CityErrc::too_many_trips,
      fmt::format("'{}' has {} usable rows over {} days: repeated until the year 2100, the "
                  "last one that rides can be requested for, they are {} rides, and ride "
                  "{} is asked for; ask for fewer rides",
                  name_, pickups_.size(), lasts_ms() / 86'400'000 + 1, trip_count(), count));
}

}  // namespace hailstorm::city

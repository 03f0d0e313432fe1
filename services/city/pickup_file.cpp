#include "services/city/pickup_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <variant>

#include "services/city/built_in_city.h"
#include "services/city/csv.h"
#include "services/city/draw.h"

namespace hailstorm::city {
namespace {

constexpr size_t kMostShown = 10;
constexpr uint64_t kDropoffStream = 0x64726f70;
constexpr int64_t kMsPerMinute = 60'000;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

struct Columns {
  size_t time = 0;
  size_t lat = 1;
  size_t lon = 2;
};

/// Where the columns are, if the line names them.
std::optional<Columns> header_of(const std::vector<std::string>& fields) {
  const auto find = [&](std::string_view name) -> std::optional<size_t> {
    const auto at = std::find(fields.begin(), fields.end(), name);
    if (at == fields.end()) return std::nullopt;
    return static_cast<size_t>(at - fields.begin());
  };
  const auto time = find("Date/Time");
  const auto lat = find("Lat");
  const auto lon = find("Lon");
  if (!time || !lat || !lon) return std::nullopt;
  return Columns{*time, *lat, *lon};
}

/// The row, or why it cannot be used.
std::variant<Pickup, std::string> read_row(const std::vector<std::string>& fields,
                                           const Columns& columns) {
  const size_t needed = std::max({columns.time, columns.lat, columns.lon}) + 1;
  if (fields.size() < needed) {
    return fmt::format("has {} columns, needs {}", fields.size(), needed);
  }
  const auto time_ms = parse_pickup_time(fields[columns.time]);
  if (!time_ms) {
    return fmt::format("'{}' is no time like 2014/4/1 00:11:00 or 4/1/2014 0:11:00",
                       shown(fields[columns.time]));
  }
  const auto lat = parse_number(fields[columns.lat]);
  if (!lat || *lat < -90 || *lat > 90) {
    return fmt::format("'{}' is no latitude from -90 to 90", shown(fields[columns.lat]));
  }
  const auto lon = parse_number(fields[columns.lon]);
  if (!lon || *lon < -180 || *lon > 180) {
    return fmt::format("'{}' is no longitude from -180 to 180", shown(fields[columns.lon]));
  }
  return Pickup{*time_ms, {*lat, *lon}};
}

/// A row other than `own`; where there is none, itself.
size_t dropoff_of(size_t own, size_t rows, Draw draw) {
  if (rows == 1) return own;
  const size_t drawn = draw.below(rows - 1);
  return drawn < own ? drawn : drawn + 1;
}

}  // namespace

std::string_view name_of(CityErrc code) {
  switch (code) {
    case CityErrc::cannot_read:
      return "cannot_read";
    case CityErrc::no_usable_row:
      return "no_usable_row";
  }
  return "unknown";
}

void PickupFile::skip(int64_t line, std::string reason) {
  ++skipped_count_;
  if (skipped_.size() < kMostShown) skipped_.push_back({line, std::move(reason)});
}

Result<PickupFile> PickupFile::read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  // A folder opens, too, but nothing can be read from it.
  if (!in.is_open() || in.peek() == std::ifstream::traits_type::eof()) {
    return Error(CityErrc::cannot_read,
                 fmt::format("cannot read '{}': it is not there, empty, or no file", path));
  }
  PickupFile file;
  Columns columns;
  int64_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (number == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
    const auto fields = split_csv(line);
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (const auto header = number == 1 ? header_of(fields) : std::nullopt) {
      columns = *header;
      continue;
    }
    auto row = read_row(fields, columns);
    if (auto* pickup = std::get_if<Pickup>(&row)) {
      file.pickups_.push_back(*pickup);
    } else {
      file.skip(number, std::get<std::string>(std::move(row)));
    }
  }
  if (file.pickups_.empty()) {
    std::string why = file.skipped_.empty() ? "it holds no rows"
                                            : fmt::format("line {}: {}", file.skipped_[0].line,
                                                          file.skipped_[0].reason);
    return Error(CityErrc::no_usable_row, fmt::format("no row of '{}' can be used; {}", path, why));
  }
  std::stable_sort(file.pickups_.begin(), file.pickups_.end(),
                   [](const Pickup& a, const Pickup& b) { return a.time_ms < b.time_ms; });
  return file;
}

Trip PickupFile::trip(uint64_t seed, int64_t index) const {
  const auto count = static_cast<int64_t>(pickups_.size());
  const auto own = static_cast<size_t>(index % count);
  const Pickup& pickup = pickups_[own];
  const size_t other = dropoff_of(own, pickups_.size(), Draw(seed ^ kDropoffStream, index));
  const int64_t lasts_ms = pickups_.back().time_ms - pickups_.front().time_ms + kMsPerMinute;
  Trip trip;
  trip.rider_id = rider_of(seed, index);
  trip.pickup = pickup.place;
  trip.dropoff = pickups_[other].place;
  trip.requested_at_ms = pickup.time_ms + index / count * lasts_ms;
  return trip;
}

}  // namespace hailstorm::city

#include "services/city/pickup_rows.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <utility>

#include "services/city/errors.h"
#include "services/city/pickup_time.h"

namespace hailstorm::city {
namespace {

constexpr std::string_view kExpected =
    "expected a header that names the columns of time, latitude and longitude, such as "
    "Date/Time,Lat,Lon, or a first row in that order, such as 4/1/2014 0:11:00,40.769,-73.9549";

UnusableRow unreadable(std::string why) { return {SkipReason::unreadable, std::move(why)}; }

std::optional<double> degrees(std::string_view text, double most) {
  const auto number = parse_number(text);
  return number && *number >= -most && *number <= most ? number : std::nullopt;
}

/// The separators that a header is tried with.
std::string separators_of(const CsvReader& reader) {
  return reader.names_separator() ? std::string(1, reader.separator()) : ",;\t|";
}

Error unknown_format(const CsvRecord& record, std::string_view problem) {
  const std::string first = record.fields.empty() ? "" : record.fields.front();
  return {CityErrc::unknown_format,
          fmt::format("line {}, '{}', {}; {}", record.line, shown(first), problem, kExpected)};
}

}  // namespace

Result<PickupColumns> read_header(CsvReader& reader) {
  for (const char separator : separators_of(reader)) {
    reader.set_separator(separator);
    HAIL_ASSIGN_OR_RETURN(const auto record, reader.peek());
    if (!record) return PickupColumns();
    if (!record->problem.empty()) {
      return unknown_format(*record, record->problem);
    }
    const auto columns = columns_of(record->fields);
    if (!columns.ok()) return unknown_format(*record, columns.error().message());
    if (!*columns) continue;
    HAIL_RETURN_IF_ERROR(reader.next());
    return **columns;
  }
  reader.set_separator(separators_of(reader).front());
  HAIL_ASSIGN_OR_RETURN(const auto record, reader.peek());
  if (std::holds_alternative<Pickup>(read_row(*record, {}))) return PickupColumns();
  return unknown_format(*record, "is neither a header nor a row");
}

PickupRow read_row(const CsvRecord& record, const PickupColumns& columns) {
  if (!record.problem.empty()) return unreadable(record.problem);
  const auto& fields = record.fields;
  const size_t needed = std::max({columns.time, columns.lat, columns.lon}) + 1;
  if (fields.size() < needed) {
    return unreadable(fmt::format("has {} columns, needs {}", fields.size(), needed));
  }
  const auto time_ms = parse_pickup_time(trimmed(fields[columns.time]));
  if (!time_ms) {
    return unreadable(
        fmt::format("'{}' is no time like 2014/4/1 00:11:00, 2014-04-01 00:11:00 or "
                    "4/1/2014 0:11:00",
                    shown(fields[columns.time])));
  }
  const auto lat = degrees(trimmed(fields[columns.lat]), 90);
  if (!lat) {
    return unreadable(
        fmt::format("'{}' is no latitude from -90 to 90", shown(fields[columns.lat])));
  }
  const auto lon = degrees(trimmed(fields[columns.lon]), 180);
  if (!lon) {
    return unreadable(
        fmt::format("'{}' is no longitude from -180 to 180", shown(fields[columns.lon])));
  }
  if (*lat == 0 && *lon == 0) {
    return UnusableRow{SkipReason::at_zero, "lies at 0/0: no place was recorded"};
  }
  return Pickup{*time_ms, {*lat, *lon}};
}

}  // namespace hailstorm::city

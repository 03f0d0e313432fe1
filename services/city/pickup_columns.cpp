#include "services/city/pickup_columns.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

#include "services/city/csv.h"
#include "services/city/errors.h"

namespace hailstorm::city {
namespace {

constexpr std::array<std::string_view, 20> kTimeNames = {"datetime",           "time",
                                                         "timestamp",          "timeoftrip",
                                                         "pickupdatetime",     "pickupdate",
                                                         "pickuptime",         "pickuptimestamp",
                                                         "tpeppickupdatetime", "lpeppickupdatetime",
                                                         "trippickupdatetime", "startdatetime",
                                                         "startdate",          "starttime",
                                                         "starttimestamp",     "startedat",
                                                         "tripstarttime",      "tripstarttimestamp",
                                                         "begintriptime",      "tripstartdatetime"};
/// What may stand before the latitude's or longitude's own name.
constexpr std::array<std::string_view, 8> kPlaceNames = {
    "", "pickup", "start", "origin", "from", "startstation", "pickupcentroid", "begintrip"};
constexpr std::array<std::string_view, 2> kLatNames = {"lat", "latitude"};
constexpr std::array<std::string_view, 4> kLonNames = {"lon", "lng", "long", "longitude"};

/// "Date/Time", "date_time" and " DateTime " alike.
std::string bare(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
  }
  return letters;
}

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool names_time(const std::string& name) { return is_one_of(kTimeNames, name); }

template <class Names>
bool names_place(std::string_view name, const Names& coordinate) {
  return std::any_of(kPlaceNames.begin(), kPlaceNames.end(), [&](std::string_view prefix) {
    return name.starts_with(prefix) && is_one_of(coordinate, name.substr(prefix.size()));
  });
}
bool names_lat(const std::string& name) { return names_place(name, kLatNames); }
bool names_lon(const std::string& name) { return names_place(name, kLonNames); }

std::vector<size_t> columns_where(const std::vector<std::string>& names,
                                  bool (*matches)(const std::string&)) {
  std::vector<size_t> columns;
  for (size_t i = 0; i < names.size(); ++i) {
    if (matches(bare(names[i]))) columns.push_back(i);
  }
  return columns;
}

Result<size_t> the_one(const std::vector<size_t>& columns, const std::vector<std::string>& names,
                       std::string_view what) {
  if (columns.empty()) {
    return Error(CityErrc::unknown_format,
                 fmt::format("names columns, but none of them is the {}", what));
  }
  if (columns.size() > 1) {
    return Error(CityErrc::unknown_format,
                 fmt::format("names two columns that may be the {}, '{}' and '{}'", what,
                             shown(names[columns[0]]), shown(names[columns[1]])));
  }
  return columns[0];
}

}  // namespace

Result<std::optional<PickupColumns>> columns_of(const std::vector<std::string>& names) {
  const auto times = columns_where(names, names_time);
  const auto lats = columns_where(names, names_lat);
  const auto lons = columns_where(names, names_lon);
  if (times.empty() && lats.empty() && lons.empty()) return std::optional<PickupColumns>();
  PickupColumns columns;
  HAIL_ASSIGN_OR_RETURN(columns.time, the_one(times, names, "time"));
  HAIL_ASSIGN_OR_RETURN(columns.lat, the_one(lats, names, "latitude"));
  HAIL_ASSIGN_OR_RETURN(columns.lon, the_one(lons, names, "longitude"));
  return std::optional(columns);
}

}  // namespace hailstorm::city

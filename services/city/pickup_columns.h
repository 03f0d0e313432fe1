#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace hailstorm::city {

/// Which column of a row holds what; by default as in a file without a header.
struct PickupColumns {
  size_t time = 0;
  size_t lat = 1;
  size_t lon = 2;
};

/// The columns that a header names: Date/Time, Lat, Lon, or one of their synonyms, such as
/// pickup_latitude, Start_Lng or tpep_pickup_datetime, in any case, with any blanks and signs.
/// Nothing: the line names none of the three, so it is no header. Error unknown_format, without the
/// file's name: one of the three is named twice, or not at all.
[[nodiscard]] Result<std::optional<PickupColumns>> columns_of(
    const std::vector<std::string>& names);

}  // namespace hailstorm::city

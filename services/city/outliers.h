#pragma once

#include <cstdint>
#include <vector>

#include "services/city/pickup.h"
#include "services/city/skipped_rows.h"

/// Rows that lie far from all others. Real files of one city reach some 120 km; a row that is
/// further away, or in another year, is a fault of the file, and as a ride it would keep a driver
/// busy for weeks.
namespace hailstorm::city {

inline constexpr int64_t kMostKmFromMedian = 300;
inline constexpr int64_t kMostDaysFromMedian = 365;

/// Removes the rows that are further than that from the file's median point (the median latitude
/// and the median longitude) or from its median time. `lines` says where each row stands.
/// REQUIRES: `pickups` and `lines` are equally long.
void remove_outliers(std::vector<Pickup>& pickups, const std::vector<int64_t>& lines,
                     SkippedRows& skipped);

}  // namespace hailstorm::city

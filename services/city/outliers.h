#pragma once

#include <cstdint>
#include <vector>

#include "services/city/pickup.h"
#include "services/city/skipped_rows.h"

/// Rows that lie far from all others: faults of the file. As a ride such a row would keep a driver
/// busy for weeks.
namespace hailstorm::city {

/// Removes the rows that are further than kMostKmFromMedian from the file's median point (the
/// median latitude and the median longitude) or more than kMostDaysFromMedian from its median time.
/// `lines` says where each row stands. REQUIRES: `pickups` and `lines` are equally long.
void remove_outliers(std::vector<Pickup>& pickups, const std::vector<int64_t>& lines,
                     SkippedRows& skipped);

}  // namespace hailstorm::city

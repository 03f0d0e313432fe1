#include "services/matching/free_grid.h"

#include <cmath>

#include "common/base/check.h"

namespace hailstorm::matching {
namespace {

constexpr double kCellDegrees = 0.009;  // of latitude: 1.0 km

}  // namespace

size_t FreeGrid::Hash::operator()(const Cell& cell) const {
  return std::hash<int64_t>()((int64_t{cell.row} << 32) ^ cell.column);
}

FreeGrid::Cell FreeGrid::cell_of(const events::GeoPoint& point) {
  return {static_cast<int32_t>(std::floor(point.lat / kCellDegrees)),
          static_cast<int32_t>(std::floor(point.lon / kCellDegrees))};
}

size_t FreeGrid::length_of(const FreeTime& free) {
  const auto longest =
      std::lower_bound(kLongestMs.begin(), kLongestMs.end(), free.until_ms - free.from_ms);
  return static_cast<size_t>(longest - kLongestMs.begin());
}

void FreeGrid::add(size_t driver, const FreeTime& free) {
  Entries& entries = cells_[cell_of(free.place)][length_of(free)];
  entries.insert(first_after(entries, free.until_ms),
                 {free.until_ms, free.from_ms, free.place, driver});
}

void FreeGrid::remove(size_t driver, const FreeTime& free) {
  const auto cell = cells_.find(cell_of(free.place));
  HAIL_CHECK(cell != cells_.end());
  Entries& entries = cell->second[length_of(free)];
  const auto found = std::find_if(
      first_after(entries, free.until_ms - 1), entries.cend(),
      [&](const Entry& entry) { return entry.driver == driver && entry.from_ms == free.from_ms; });
  HAIL_CHECK(found != entries.cend());
  entries.erase(found);
  const auto is_empty = [](const Entries& one) { return one.empty(); };
  if (std::all_of(cell->second.begin(), cell->second.end(), is_empty)) cells_.erase(cell);
}

}  // namespace hailstorm::matching

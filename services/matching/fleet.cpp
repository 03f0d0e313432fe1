#include "services/matching/fleet.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/base/check.h"
#include "services/city/geo.h"

namespace hailstorm::matching {
namespace {

// 0.009 degrees of latitude are 1.0 km. A degree of longitude shrinks towards the poles; below 65
// degrees of latitude a cell is at least 420 m wide, which kMaxRing takes into account.
constexpr double kCellDegrees = 0.009;
constexpr double kLeastCellM = 420;
constexpr auto kMaxRing = static_cast<int32_t>(Fleet::kReachM / kLeastCellM) + 1;

int64_t ms(double seconds) { return static_cast<int64_t>(std::llround(seconds * 1000)); }

}  // namespace

size_t Fleet::CellHash::operator()(const Cell& cell) const {
  return std::hash<int64_t>()((int64_t{cell.row} << 32) ^ cell.column);
}

Fleet::Cell Fleet::cell_of(const events::GeoPoint& point) {
  return {static_cast<int32_t>(std::floor(point.lat / kCellDegrees)),
          static_cast<int32_t>(std::floor(point.lon / kCellDegrees))};
}

Fleet::Fleet(std::vector<Driver> drivers) : drivers_(std::move(drivers)) {
  for (size_t i = 0; i < drivers_.size(); ++i) {
    by_id_[drivers_[i].id] = i;
    cells_[cell_of(drivers_[i].position)].push_back(i);
  }
}

void Fleet::look_in(const Cell& cell, const events::RideRequested& ride, Nearest& nearest) const {
  const auto found = cells_.find(cell);
  if (found == cells_.end()) return;
  for (const size_t i : found->second) {
    const Driver& driver = drivers_[i];
    if (driver.free_from_ms > ride.requested_at_ms) continue;
    const double distance_m = city::distance_m(driver.position, ride.pickup);
    // Of two that are equally near, the one with the smaller number: the same run, the same ride.
    const bool nearer = distance_m < nearest.distance_m ||
                        (distance_m == nearest.distance_m && nearest.driver && i < *nearest.driver);
    if (nearer) nearest = {i, distance_m};
  }
}

void Fleet::look_around(const Cell& centre, int32_t ring, const events::RideRequested& ride,
                        Nearest& nearest) const {
  for (int32_t row = -ring; row <= ring; ++row) {
    const bool edge = std::abs(row) == ring;
    const int32_t step = edge || ring == 0 ? 1 : 2 * ring;
    for (int32_t column = -ring; column <= ring; column += step) {
      look_in({centre.row + row, centre.column + column}, ride, nearest);
    }
  }
}

std::optional<Assignment> Fleet::assign(const events::RideRequested& ride) {
  Nearest nearest;
  const Cell centre = cell_of(ride.pickup);
  for (int32_t ring = 0; ring <= kMaxRing; ++ring) {
    // Everything in this ring and beyond is at least (ring - 1) cells away.
    if (nearest.driver && (ring - 1) * kLeastCellM > nearest.distance_m) break;
    look_around(centre, ring, ride, nearest);
  }
  if (!nearest.driver) return std::nullopt;

  Assignment assignment;
  Driver& driver = drivers_[*nearest.driver];
  assignment.start = driver.position;
  assignment.from_ms = ride.requested_at_ms;
  assignment.pickup_at_ms = ride.requested_at_ms + ms(city::driving_time_s(nearest.distance_m));
  const double trip_m = city::distance_m(ride.pickup, ride.dropoff);
  assignment.until_ms = assignment.pickup_at_ms + ms(city::driving_time_s(trip_m));
  driver.free_from_ms = assignment.until_ms;
  move(*nearest.driver, ride.dropoff);
  assignment.driver = driver;
  return assignment;
}

const Driver* Fleet::find(std::string_view driver_id) const {
  const auto found = by_id_.find(std::string(driver_id));
  return found == by_id_.end() ? nullptr : &drivers_[found->second];
}

void Fleet::put(const Driver& driver) {
  const auto found = by_id_.find(driver.id);
  HAIL_CHECK(found != by_id_.end());
  drivers_[found->second].free_from_ms = driver.free_from_ms;
  move(found->second, driver.position);
}

void Fleet::move(size_t driver, const events::GeoPoint& to) {
  const Cell from = cell_of(drivers_[driver].position);
  const Cell into = cell_of(to);
  drivers_[driver].position = to;
  if (from == into) return;
  std::erase(cells_[from], driver);
  cells_[into].push_back(driver);
}

}  // namespace hailstorm::matching

#include "services/matching/fleet.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "common/base/check.h"
#include "services/city/geo.h"

namespace hailstorm::matching {
namespace {

// A degree of longitude shrinks towards the poles; below 65 degrees of latitude a cell is at least
// 420 m wide, which kMaxRing takes into account.
constexpr double kLeastCellM = 420;
constexpr auto kMaxRing = static_cast<int32_t>(Fleet::kReachM / kLeastCellM) + 1;

}  // namespace

/// What is looked for, and the best that was found so far.
struct Fleet::Search {
  explicit Search(const events::RideRequested& asked)
      : ride(asked),
        trip_ms(city::driving_time_ms(city::distance_m(asked.pickup, asked.dropoff))) {}

  const events::RideRequested& ride;
  const int64_t trip_ms;
  double distance_m = kReachM;
  std::optional<size_t> driver;
  int64_t pickup_at_ms = 0;
  int64_t until_ms = 0;
};

Fleet::Fleet(std::vector<Driver> drivers) : drivers_(std::move(drivers)) {
  for (size_t i = 0; i < drivers_.size(); ++i) {
    by_id_[drivers_[i].id] = i;
    last_change_ = std::max(last_change_, drivers_[i].change);
    for (const FreeTime& free : drivers_[i].schedule.free()) grid_.add(i, free);
  }
}

void Fleet::look_at(const FreeGrid::Entry& entry, const Driver& driver, Search& search) {
  const int64_t from_ms = search.ride.requested_at_ms;
  const double distance_m = city::distance_m(entry.place, search.ride.pickup);
  // Of two that are equally near, the one with the smaller number: the same run, the same ride.
  const bool nearer =
      distance_m < search.distance_m ||
      (distance_m == search.distance_m && search.driver && entry.driver < *search.driver);
  if (!nearer) return;
  const int64_t pickup_at_ms = from_ms + city::driving_time_ms(distance_m);
  // A ride from where the driver stands to the same place takes no time; an interval takes some.
  const int64_t until_ms = std::max(pickup_at_ms + search.trip_ms, from_ms + 1);
  const bool is_last = entry.until_ms == kEndMs;
  if (!is_last && !driver.schedule.has_room(from_ms, until_ms, search.ride.dropoff)) return;
  search.distance_m = distance_m;
  search.driver = entry.driver;
  search.pickup_at_ms = pickup_at_ms;
  search.until_ms = until_ms;
}

void Fleet::look_in(const FreeGrid::Cell& cell, Search& search) const {
  grid_.visit(cell, search.ride.requested_at_ms, [&](const FreeGrid::Entry& entry) {
    look_at(entry, drivers_[entry.driver], search);
  });
}

void Fleet::look_around(const FreeGrid::Cell& centre, int32_t ring, Search& search) const {
  for (int32_t row = -ring; row <= ring; ++row) {
    const bool edge = std::abs(row) == ring;
    const int32_t step = edge || ring == 0 ? 1 : 2 * ring;
    for (int32_t column = -ring; column <= ring; column += step) {
      look_in({centre.row + row, centre.column + column}, search);
    }
  }
}

std::optional<Assignment> Fleet::assign(const events::RideRequested& ride) {
  Search search(ride);
  const auto centre = FreeGrid::cell_of(ride.pickup);
  for (int32_t ring = 0; ring <= kMaxRing; ++ring) {
    // Everything in this ring and beyond is at least (ring - 1) cells away.
    if (search.driver && (ring - 1) * kLeastCellM > search.distance_m) break;
    look_around(centre, ring, search);
  }
  if (!search.driver) return std::nullopt;

  return take(*search.driver, ride, search.pickup_at_ms, search.until_ms);
}

std::optional<Assignment> Fleet::assign_to(std::string_view driver_id,
                                           const events::RideRequested& ride, int64_t until_ms) {
  const auto found = by_id_.find(std::string(driver_id));
  if (found == by_id_.end()) return std::nullopt;
  const int64_t from_ms = ride.requested_at_ms;
  const FreeTime* const free = drivers_[found->second].schedule.at(from_ms);
  if (free == nullptr || until_ms <= from_ms || until_ms > free->until_ms) return std::nullopt;
  const int64_t trip_ms = city::driving_time_ms(city::distance_m(ride.pickup, ride.dropoff));
  return take(found->second, ride, std::max(from_ms, until_ms - trip_ms), until_ms);
}

Assignment Fleet::take(size_t driver, const events::RideRequested& ride, int64_t pickup_at_ms,
                       int64_t until_ms) {
  Schedule& schedule = drivers_[driver].schedule;
  Assignment assignment;
  assignment.driver_id = drivers_[driver].id;
  assignment.start = schedule.at(ride.requested_at_ms)->place;
  assignment.from_ms = ride.requested_at_ms;
  assignment.pickup_at_ms = pickup_at_ms;
  assignment.until_ms = until_ms;
  assignment.change =
      schedule.take({ride.requested_at_ms, until_ms, {ride.pickup, pickup_at_ms}, ride.dropoff},
                    last_change_ + 1);
  note(driver, assignment.change);
  return assignment;
}

std::optional<Change> Fleet::give_back(std::string_view driver_id, int64_t from_ms,
                                       int64_t until_ms) {
  const auto found = by_id_.find(std::string(driver_id));
  if (found == by_id_.end()) return std::nullopt;
  auto change = drivers_[found->second].schedule.give_back(from_ms, until_ms, last_change_ + 1);
  if (change) note(found->second, *change);
  return change;
}

void Fleet::put(Driver driver) {
  const auto found = by_id_.find(driver.id);
  HAIL_CHECK(found != by_id_.end());
  const Change change{driver.change, drivers_[found->second].schedule.free(),
                      driver.schedule.free()};
  drivers_[found->second] = std::move(driver);
  note(found->second, change);
}

void Fleet::note(size_t driver, const Change& change) {
  for (const FreeTime& free : change.removed) grid_.remove(driver, free);
  for (const FreeTime& free : change.added) grid_.add(driver, free);
  drivers_[driver].change = change.number;
  last_change_ = std::max(last_change_, change.number);
}

}  // namespace hailstorm::matching

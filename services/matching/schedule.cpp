#include "services/matching/schedule.h"

#include <algorithm>
#include <functional>

#include "common/base/check.h"
#include "services/city/geo.h"

namespace hailstorm::matching {
namespace {

int64_t length_ms(const FreeTime& free) { return free.until_ms - free.from_ms; }

}  // namespace

Schedule::Schedule(const events::GeoPoint& home) : free_(1) { free_[0].place = home; }

size_t Schedule::count_begun(int64_t time_ms) const {
  const auto after =
      std::upper_bound(free_.begin(), free_.end(), time_ms,
                       [](int64_t time, const FreeTime& free) { return time < free.from_ms; });
  return static_cast<size_t>(after - free_.begin());
}

const FreeTime* Schedule::at(int64_t time_ms) const {
  const size_t begun = count_begun(time_ms);
  return begun > 0 && time_ms < free_[begun - 1].until_ms ? &free_[begun - 1] : nullptr;
}

bool Schedule::has_room(int64_t from_ms, int64_t until_ms, const events::GeoPoint& dropoff) const {
  const FreeTime* const free = at(from_ms);
  if (free == nullptr || until_ms > free->until_ms) return false;
  if (free->next.at_ms == kEndMs) return true;
  const double way_m = city::distance_m(dropoff, free->next.place);
  return until_ms + city::driving_time_ms(way_m) <= free->next.at_ms;
}

Change Schedule::take(const Interval& ride, int64_t number) {
  HAIL_CHECK(ride.from_ms < ride.until_ms && at(ride.from_ms) != nullptr);
  const size_t at = count_begun(ride.from_ms) - 1;
  FreeTime& left = free_[at];
  HAIL_CHECK(ride.until_ms <= left.until_ms);
  Change change{number, {left}, {}};
  const FreeTime right{ride.until_ms, left.until_ms, ride.dropoff, left.next, number};
  left.until_ms = ride.from_ms;
  left.next = ride.pickup;
  left.change = number;
  change.added = {left, right};
  free_.insert(free_.begin() + static_cast<ptrdiff_t>(at) + 1, right);
  while (free_.size() > kMostFreeTimes) {
    const auto forgotten = free_.begin() + static_cast<ptrdiff_t>(least_useful());
    change.removed.push_back(*forgotten);
    free_.erase(forgotten);
  }
  return change;
}

std::optional<Change> Schedule::give_back(int64_t from_ms, int64_t until_ms, int64_t number) {
  const size_t begun = count_begun(from_ms);
  if (begun == 0 || begun == free_.size()) return std::nullopt;
  FreeTime& left = free_[begun - 1];
  const FreeTime& right = free_[begun];
  if (left.until_ms != from_ms || right.from_ms != until_ms) return std::nullopt;
  Change change{number, {left, right}, {}};
  left.until_ms = right.until_ms;
  left.next = right.next;
  left.change = number;
  change.added = {left};
  free_.erase(free_.begin() + static_cast<ptrdiff_t>(begun));
  return change;
}

size_t Schedule::least_useful() const {
  std::vector<int64_t> changes;
  changes.reserve(free_.size());
  for (const FreeTime& free : free_) changes.push_back(free.change);
  const auto newest_old = changes.begin() + kNewest;
  std::nth_element(changes.begin(), newest_old, changes.end(), std::greater<>());
  size_t found = free_.size();
  for (size_t i = 0; i < free_.size(); ++i) {
    if (free_[i].change > *newest_old) continue;
    if (found == free_.size() || length_ms(free_[i]) < length_ms(free_[found])) found = i;
  }
  return found;
}

}  // namespace hailstorm::matching

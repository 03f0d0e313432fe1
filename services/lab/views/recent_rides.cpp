#include "services/lab/views/recent_rides.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace hailstorm::lab {

std::vector<RecentRides::Change> RecentRides::before(const std::vector<RideChange>& changes,
                                                     int64_t now_ms) {
  std::set<std::pair<events::Lane, std::string_view>> newer;
  for (const RideChange& one : changes) newer.emplace(one.lane, one.ride_id);
  std::erase_if(rides_, [&](const Change& old) {
    return old.at_ms <= now_ms - kSpanMs || newer.contains({old.ride.lane, old.ride.ride_id});
  });
  auto earlier = rides_;
  for (const RideChange& one : changes) rides_.push_back({now_ms, one});
  const size_t most = std::min(rides_.size(), kMaxRides);
  rides_.erase(rides_.begin(), rides_.end() - static_cast<std::ptrdiff_t>(most));
  return earlier;
}

}  // namespace hailstorm::lab

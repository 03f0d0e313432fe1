#include "services/lab/views/recent_rides.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace hailstorm::lab {
namespace {

constexpr int64_t kNow = 1'700'000'000'000;

RideChange change(const std::string& ride, std::string_view state,
                  events::Lane lane = events::Lane::log) {
  return {.ride_id = ride, .lane = lane, .state = state};
}

std::string text(const std::vector<RecentRides::Change>& changes, int64_t now_ms) {
  std::string all;
  for (const auto& [at_ms, ride] : changes) {
    all += fmt::format("{} ms ago {} {} {}\n", now_ms - at_ms, ride.ride_id, name_of(ride.lane),
                       ride.state);
  }
  return all;
}

TEST(RecentRidesTest, WhoMissesFramesOfLessThanASecondFindsEveryRideInTheNext) {
  RecentRides recent;
  EXPECT_EQ(text(recent.before({change("a", "requested"), change("b", "requested")}, kNow), kNow),
            "");
  EXPECT_EQ(text(recent.before({change("b", "matched")}, kNow + 200), kNow + 200),
            "200 ms ago a log requested\n")
      << "b is among those of now";
  EXPECT_EQ(text(recent.before({}, kNow + 900), kNow + 900),
            "900 ms ago a log requested\n700 ms ago b log matched\n");
  EXPECT_EQ(text(recent.before({}, kNow + 1'000), kNow + 1'000), "800 ms ago b log matched\n");
  EXPECT_EQ(text(recent.before({}, kNow + 1'200), kNow + 1'200), "");
}

TEST(RecentRidesTest, ARideOnTheOtherLaneIsAnotherOne) {
  RecentRides recent;
  static_cast<void>(recent.before({change("a", "settled")}, kNow));
  const auto earlier = recent.before({change("a", "failed", events::Lane::chain)}, kNow + 200);
  EXPECT_EQ(text(earlier, kNow + 200), "200 ms ago a log settled\n");
}

TEST(RecentRidesTest, OfTooManyTheNewestAreKept) {
  RecentRides recent;
  std::vector<RideChange> changes;
  for (size_t i = 0; i < RecentRides::kMaxRides + 5; ++i) {
    changes.push_back(change(fmt::format("r{}", i), "requested"));
  }
  static_cast<void>(recent.before(changes, kNow));
  const auto earlier = recent.before({}, kNow + 200);
  ASSERT_EQ(earlier.size(), RecentRides::kMaxRides);
  EXPECT_EQ(earlier.front().ride.ride_id, "r5");
}

}  // namespace
}  // namespace hailstorm::lab

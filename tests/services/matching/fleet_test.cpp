#include "services/matching/fleet.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "services/city/geo.h"
#include "tests/support/rides.h"

namespace hailstorm::matching {
namespace {

using events::GeoPoint;
using events::RideRequested;
using testing::ride;

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kYearMs = 365 * 24 * kHourMs;
constexpr int64_t kNoonMs = 1'396'310'400'000;

GeoPoint random_place(std::mt19937_64& random) {
  std::uniform_real_distribution<double> lat(40.68, 40.82);
  std::uniform_real_distribution<double> lon(-74.02, -73.90);
  const double chosen_lat = lat(random);
  return {chosen_lat, lon(random)};
}

RideRequested random_ride(std::mt19937_64& random, int64_t at_ms) {
  const GeoPoint pickup = random_place(random);
  return {"r", "rider", pickup, random_place(random), at_ms};
}

/// What a fleet should do, by looking at every ride of every driver.
class Everything {
 public:
  void add(const std::string& id, const GeoPoint& home) { drivers_.push_back({id, home, {}}); }

  /// The nearest driver that is free for the whole ride; empty: none. The ride is the driver's
  /// then.
  std::string assign(const RideRequested& ride) {
    Known* best = nullptr;
    double best_m = Fleet::kReachM;
    for (Known& driver : drivers_) {
      const double far_m = city::distance_m(place_at(driver, ride.requested_at_ms), ride.pickup);
      if (far_m >= best_m || !is_free(driver, taken(ride, far_m))) continue;
      best = &driver;
      best_m = far_m;
    }
    if (best == nullptr) return "";
    best->rides.push_back(taken(ride, best_m));
    return best->id;
  }

 private:
  struct Taken {
    int64_t from_ms, pickup_at_ms, until_ms;
    GeoPoint pickup, dropoff;
  };
  struct Known {
    std::string id;
    GeoPoint home;
    std::vector<Taken> rides;
  };

  static Taken taken(const RideRequested& ride, double way_m) {
    const int64_t pickup_at_ms = ride.requested_at_ms + city::driving_time_ms(way_m);
    const double trip_m = city::distance_m(ride.pickup, ride.dropoff);
    return {ride.requested_at_ms, pickup_at_ms, pickup_at_ms + city::driving_time_ms(trip_m),
            ride.pickup, ride.dropoff};
  }
  static GeoPoint place_at(const Known& driver, int64_t time_ms) {
    const Taken* before = nullptr;
    for (const Taken& one : driver.rides) {
      if (one.until_ms > time_ms) continue;
      if (before == nullptr || one.until_ms > before->until_ms) before = &one;
    }
    return before == nullptr ? driver.home : before->dropoff;
  }
  static bool is_free(const Known& driver, const Taken& wanted) {
    const Taken* next = nullptr;
    for (const Taken& one : driver.rides) {
      if (one.from_ms < wanted.until_ms && wanted.from_ms < one.until_ms) return false;
      if (one.from_ms < wanted.until_ms) continue;
      if (next == nullptr || one.from_ms < next->from_ms) next = &one;
    }
    if (next == nullptr) return true;
    const double way_m = city::distance_m(wanted.dropoff, next->pickup);
    return wanted.until_ms + city::driving_time_ms(way_m) <= next->pickup_at_ms;
  }

  std::vector<Known> drivers_;
};

/// The event time of ride `i`.
using Order = int64_t (*)(int i, std::mt19937_64& random);
constexpr Order kOrders[] = {
    [](int i, std::mt19937_64&) { return kNoonMs + i * 20'000; },
    [](int i, std::mt19937_64&) { return kNoonMs - i * 20'000; },
    [](int, std::mt19937_64& random) {
      return kNoonMs + static_cast<int64_t>(random() % (3 * kHourMs));
    },
    [](int i, std::mt19937_64&) { return kNoonMs + i % 3 * 6 * kYearMs + i * 10'000; },
};

TEST(FleetTest, InAnyOrderOfTimesTheGridFindsTheDriverThatASearchOfAllFinds) {
  for (size_t order = 0; order < std::size(kOrders); ++order) {
    SCOPED_TRACE("order " + std::to_string(order));
    std::mt19937_64 random(order + 1);
    Everything everything;
    std::vector<Driver> drivers;
    for (int i = 0; i < 60; ++i) {
      drivers.push_back({"driver-" + std::to_string(100 + i), Schedule(random_place(random))});
      everything.add(drivers.back().id, drivers.back().schedule.free()[0].place);
    }
    Fleet fleet(drivers);
    int matched = 0;
    for (int i = 0; i < 600; ++i) {
      const auto asked = random_ride(random, kOrders[order](i, random));
      const std::string expected = everything.assign(asked);
      const auto assignment = fleet.assign(asked);
      ASSERT_EQ(assignment ? assignment->driver_id : "", expected) << "ride " << i;
      matched += assignment ? 1 : 0;
    }
    EXPECT_GT(matched, 300);
  }
}

TEST(FleetTest, ADriverIsBusyForWayAndTripAndThenFreeAtTheDropOff) {
  Fleet fleet({{"d", Schedule(ride("a").pickup)}});
  const auto first = fleet.assign(ride("a", kNoonMs));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->pickup_at_ms, kNoonMs) << "the driver stands at the pickup";
  EXPECT_GT(first->until_ms, first->pickup_at_ms);
  EXPECT_FALSE(fleet.assign(ride("b", first->until_ms - 1)));
  const auto next = fleet.assign(ride("c", first->until_ms));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->start, ride("a").dropoff);
}

TEST(FleetTest, NoDriverIsSentFromBeyondReach) {
  Fleet fleet({{"d", Schedule(GeoPoint{41.2, -74.0})}});
  EXPECT_FALSE(fleet.assign(ride("a")));
}

TEST(FleetTest, ARideTakesNoDriverFromAnotherTime) {
  Fleet fleet({{"d", Schedule(ride("a").pickup)}});
  const int64_t today_ms = kNoonMs + 12 * kYearMs;
  for (const int64_t at_ms : {today_ms, today_ms + 24 * kHourMs, kNoonMs, int64_t{0},
                              today_ms + 5 * kHourMs, kNoonMs - 2 * kHourMs}) {
    EXPECT_TRUE(fleet.assign(ride("a", at_ms))) << at_ms;
    EXPECT_FALSE(fleet.assign(ride("b", at_ms))) << at_ms;
  }
}

TEST(FleetTest, ADriverWaitsWhereItsRideBeforeEnded) {
  const GeoPoint home = ride("a").pickup;
  const GeoPoint north{40.74, -74.00};
  const GeoPoint south{40.69, -74.01};
  Fleet fleet({{"d", Schedule(home)}});
  const auto start_of = [&](int64_t at_ms, const GeoPoint& to) {
    const auto assignment = fleet.assign({"r", "p", home, to, at_ms});
    return assignment ? assignment->start : GeoPoint{};
  };
  EXPECT_EQ(start_of(kNoonMs + 12 * kYearMs, north), home);
  EXPECT_EQ(start_of(kNoonMs, south), home) << "12 years before the ride that came first";
  EXPECT_EQ(start_of(kNoonMs + 6 * kYearMs, home), south);
  EXPECT_EQ(start_of(kNoonMs + 13 * kYearMs, home), north);
}

TEST(FleetTest, NoRideMakesTheDriverLateForThePickupThatWasPromised) {
  const auto next = ride("next", kNoonMs);
  Fleet fleet({{"d", Schedule(next.pickup)}});
  ASSERT_TRUE(fleet.assign(next));
  // A ride to 3 km from the next pickup takes 25 minutes with the way back.
  const GeoPoint away{next.pickup.lat + 0.027, next.pickup.lon};
  const int64_t trip_ms = city::driving_time_ms(city::distance_m(next.pickup, away));
  EXPECT_FALSE(fleet.assign({"r", "p", next.pickup, away, kNoonMs - trip_ms}));
  EXPECT_FALSE(fleet.assign({"r", "p", next.pickup, away, kNoonMs - 2 * trip_ms + 1}));
  EXPECT_TRUE(fleet.assign({"r", "p", next.pickup, away, kNoonMs - 2 * trip_ms}));
}

TEST(FleetTest, NoRideOverlapsTheNextOneEvenIfItsPickupCouldBeReached) {
  const GeoPoint home = ride("a").pickup;
  const GeoPoint away{home.lat + 0.027, home.lon};
  Fleet fleet({{"d", Schedule(home)}});
  ASSERT_TRUE(fleet.assign({"next", "p", away, home, kNoonMs}));
  const int64_t trip_ms = city::driving_time_ms(city::distance_m(home, away));
  EXPECT_FALSE(fleet.assign({"r", "p", home, away, kNoonMs - trip_ms + 1}));
  EXPECT_TRUE(fleet.assign({"r", "p", home, away, kNoonMs - trip_ms}));
}

TEST(FleetTest, ARideOfNoLengthTakesTheDriverForThatMoment) {
  const GeoPoint here = ride("a").pickup;
  Fleet fleet({{"d", Schedule(here)}});
  EXPECT_TRUE(fleet.assign({"r", "p", here, here, kNoonMs}));
  EXPECT_FALSE(fleet.assign({"s", "p", here, here, kNoonMs}));
}

TEST(FleetTest, AfterManyRidesOfAnyTimeTheDriverIsStillFreeBeforeAndAfterThemAll) {
  std::mt19937_64 random(5);
  Fleet fleet({{"d", Schedule(ride("a").pickup)}});
  for (int i = 0; i < 20'000; ++i) {
    const auto at_ms = static_cast<int64_t>(random() % (50 * kYearMs));
    (void)fleet.assign(ride("r", at_ms));
  }
  EXPECT_TRUE(fleet.assign(ride("r", 51 * kYearMs)));
  EXPECT_TRUE(fleet.assign(ride("r", -kYearMs)));
}

}  // namespace
}  // namespace hailstorm::matching

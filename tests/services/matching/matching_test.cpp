#include <gtest/gtest.h>
#include <random>
#include <variant>

#include "services/city/geo.h"
#include "services/matching/chain_step.h"
#include "services/matching/dispatcher.h"
#include "services/matching/fleet.h"
#include "services/matching/reactor.h"
#include "services/matching/store.h"
#include "tests/support/matchers.h"
#include "tests/support/recorded_effects.h"
#include "tests/support/rides.h"
#include "tests/support/service_database.h"

namespace hailstorm::matching {
namespace {

using events::PaymentDeclined;
using events::RideMatched;
using events::RideUnmatched;
using testing::event;
using testing::ride;

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kNoonMs = 1'396'310'400'000;

std::vector<Driver> drivers(int count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> lat(40.68, 40.82);
  std::uniform_real_distribution<double> lon(-74.02, -73.90);
  std::vector<Driver> made;
  for (int i = 0; i < count; ++i) {
    made.push_back({"driver-" + std::to_string(10'000 + i), {lat(random), lon(random)}, 0});
  }
  return made;
}

events::RideRequested random_ride(std::mt19937_64& random, int64_t at_ms) {
  std::uniform_real_distribution<double> lat(40.68, 40.82);
  std::uniform_real_distribution<double> lon(-74.02, -73.90);
  return {"r", "rider", {lat(random), lon(random)}, {lat(random), lon(random)}, at_ms};
}

/// What a fleet should do, by looking at every driver.
const Driver* nearest_free(const std::vector<Driver>& all, const events::RideRequested& ride) {
  const Driver* best = nullptr;
  double best_m = Fleet::kReachM;
  for (const Driver& driver : all) {
    const double far_m = city::distance_m(driver.position, ride.pickup);
    if (driver.free_from_ms > ride.requested_at_ms || far_m >= best_m) continue;
    best = &driver;
    best_m = far_m;
  }
  return best;
}

TEST(FleetTest, TheGridFindsWhomASearchOfAllFinds) {
  for (const uint64_t seed : {1u, 2u, 3u}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    auto all = drivers(80, seed);
    Fleet fleet(all);
    for (int i = 0; i < 400; ++i) {
      const auto ride = random_ride(random, kNoonMs + i * 20'000);
      const Driver* expected = nearest_free(all, ride);
      const auto assignment = fleet.assign(ride);
      ASSERT_EQ(assignment.has_value(), expected != nullptr);
      if (!assignment) continue;
      ASSERT_EQ(assignment->driver.id, expected->id);
      const auto index = static_cast<size_t>(expected - all.data());
      all[index] = assignment->driver;
    }
  }
}

TEST(FleetTest, ADriverIsBusyForWayAndTripAndThenFreeAtTheDropOff) {
  Fleet fleet({{"d", ride("a").pickup, 0}});
  const auto first = fleet.assign(ride("a", kNoonMs));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->pickup_at_ms, kNoonMs) << "the driver stands at the pickup";
  EXPECT_GT(first->until_ms, first->pickup_at_ms);
  EXPECT_FALSE(fleet.assign(ride("b", first->until_ms - 1)));
  EXPECT_TRUE(fleet.assign(ride("c", first->until_ms)));
  EXPECT_EQ(fleet.find("d")->position, ride("c").dropoff);
}

TEST(FleetTest, NobodyIsSentFromBeyondReach) {
  Fleet fleet({{"d", {41.2, -74.0}, 0}});
  EXPECT_FALSE(fleet.assign(ride("a")));
}

class MatchingTest : public ::testing::Test {
 protected:
  MatchingTest() {
    for (const auto* lane : {"log", "chain"}) {
      EXPECT_OK(seed_drivers(*db_, lane, {{"driver-1", ride("a").pickup, 0}}));
    }
  }
  Status sees(const events::Payload& payload, int64_t time_ms = kNoonMs) {
    return reactor_.react(event(payload, time_ms), *db_, effects_);
  }
  template <class T>
  bool published(size_t index) {
    return index < effects_.published.size() &&
           std::holds_alternative<T>(effects_.published[index].payload);
  }
  Match match_of(const std::string& lane, const std::string& ride_id) {
    return find(*db_, lane, ride_id).value().value_or(Match{});
  }
  /// Pairs of rides that have one driver at the same event time.
  int64_t overlaps() {
    return db_.number(
        "SELECT count(*) FROM matches a JOIN matches b ON a.lane=b.lane AND "
        "a.driver_id=b.driver_id "
        "AND a.id<b.id AND a.from_ms<b.until_ms AND b.from_ms<a.until_ms");
  }

  testing::ServiceDatabase db_{migrations()};
  testing::RecordedEffects effects_;
  Dispatcher dispatcher_;
  MatchingReactor reactor_{dispatcher_};
};

TEST_F(MatchingTest, ARequestedRideGetsTheNearestDriver) {
  ASSERT_OK(sees(ride("a")));
  EXPECT_TRUE(published<RideMatched>(0));
  EXPECT_EQ(match_of("log", "a").driver_id, "driver-1");
}

TEST_F(MatchingTest, WithoutAFreeDriverTheRideIsUnmatched) {
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(sees(ride("b")));
  EXPECT_TRUE(published<RideUnmatched>(1));
  EXPECT_EQ(match_of("log", "b").reason, "no_driver");
}

TEST_F(MatchingTest, ADeclinedPaymentFreesTheDriverForTheNextRide) {
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(sees(PaymentDeclined{"a", "rider-a", "card_declined"}));
  EXPECT_TRUE(match_of("log", "a").released);
  ASSERT_OK(sees(ride("b")));
  EXPECT_TRUE(published<RideMatched>(1));
  EXPECT_EQ(overlaps(), 0);
}

TEST_F(MatchingTest, ALateDeclineLeavesADriverOnItsNextRide) {
  ASSERT_OK(sees(ride("a")));
  const int64_t free_ms = match_of("log", "a").until_ms;
  ASSERT_OK(sees(ride("b", free_ms), free_ms));
  ASSERT_EQ(match_of("log", "b").driver_id, "driver-1");
  ASSERT_OK(sees(PaymentDeclined{"a", "rider-a", "card_declined"}));
  ASSERT_OK(sees(ride("c", free_ms + 1), free_ms + 1));
  EXPECT_EQ(match_of("log", "c").reason, "no_driver");
  EXPECT_EQ(overlaps(), 0);
}

TEST_F(MatchingTest, DeclinedBeforeItsRequestSendsNobody) {
  ASSERT_OK(sees(PaymentDeclined{"a", "rider-a", "card_declined"}));
  ASSERT_OK(sees(ride("a")));
  EXPECT_TRUE(published<RideUnmatched>(0));
  EXPECT_EQ(match_of("log", "a").reason, "payment_declined");
}

TEST_F(MatchingTest, ARollbackFreesTheDriverInMemoryToo) {
  ASSERT_OK((*db_).begin_immediate());
  ASSERT_OK(sees(ride("a")));
  (*db_).rollback();
  reactor_.rolled_back();
  ASSERT_OK(sees(ride("b")));
  EXPECT_EQ(match_of("log", "b").driver_id, "driver-1");
}

TEST_F(MatchingTest, AnotherInstancesRidesAreSeen) {
  ASSERT_OK(sees(ride("a", kNoonMs - kHourMs)));  // the fleet is in memory now
  const auto other_db = db_.open();
  Dispatcher other;
  MatchingReactor other_reactor(other);
  ASSERT_OK(other_reactor.react(event(ride("b")), *other_db, effects_));
  ASSERT_OK(sees(ride("c")));
  EXPECT_TRUE(match_of("log", "c").driver_id.empty()) << "the driver is on ride b";
  EXPECT_EQ(overlaps(), 0);
}

TEST_F(MatchingTest, TheCoupledLaneHasDriversOfItsOwn) {
  MatchingStep step(dispatcher_);
  ASSERT_OK(sees(ride("a")));
  service::ChainRide down{ride("a"), {}, {}};
  ASSERT_OK(step.apply(down, *db_));
  ASSERT_TRUE(down.matching && std::holds_alternative<RideMatched>(*down.matching));
  ASSERT_OK(step.undo(down, *db_));
  EXPECT_TRUE(match_of("chain", "a").released);
  EXPECT_FALSE(match_of("log", "a").released);
}

TEST_F(MatchingTest, TheCoupledLaneLetsTheDriverGoWhenPaymentDeclined) {
  MatchingStep step(dispatcher_);
  service::ChainRide down{ride("a"), {}, {}};
  ASSERT_OK(step.apply(down, *db_));
  down.payment = PaymentDeclined{"a", "rider-a", "card_declined"};
  ASSERT_OK(step.conclude(down, *db_));
  EXPECT_TRUE(match_of("chain", "a").released);
}

// Never two rides on one driver at the same event time, in whatever order rides and declines come.
TEST_F(MatchingTest, NoDriverIsEverTwiceAtOnce) {
  for (const uint64_t seed : {11u, 12u, 13u}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    // Near each other in time and place: many want the driver just before it is free.
    const int64_t start_ms = kNoonMs + static_cast<int64_t>(seed) * 24 * kHourMs;
    for (int i = 0; i < 300; ++i) {
      const auto about_ms = static_cast<int64_t>(random() % (kHourMs / 4));
      auto request = ride("a", start_ms + i * (kHourMs / 20) + about_ms);
      request.ride_id = std::to_string(seed) + "-" + std::to_string(i);
      ASSERT_OK(sees(request, request.requested_at_ms));
      if (random() % 3 == 0) {
        ASSERT_OK(sees(PaymentDeclined{request.ride_id, "rider", "card_declined"},
                       request.requested_at_ms));
      }
    }
    EXPECT_EQ(overlaps(), 0);
  }
  EXPECT_GT(db_.number("SELECT count(*) FROM matches WHERE outcome='matched'"), 100);
}

}  // namespace
}  // namespace hailstorm::matching

#include <array>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <variant>

#include "common/store/migrations.h"
#include "services/matching/chain_step.h"
#include "services/matching/dispatcher.h"
#include "services/matching/reactor.h"
#include "services/matching/store.h"
#include "tests/support/matchers.h"
#include "tests/support/recorded_effects.h"
#include "tests/support/rides.h"
#include "tests/support/service_database.h"

namespace hailstorm::matching {
namespace {

using events::Lane;
using events::PaymentDeclined;
using events::RideMatched;
using events::RideUnmatched;
using testing::event;
using testing::ride;

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kYearMs = 365 * 24 * kHourMs;
constexpr int64_t kNoonMs = 1'396'310'400'000;

class MatchingTest : public ::testing::Test {
 protected:
  MatchingTest() {
    for (const auto lane : events::kLanes) {
      EXPECT_OK(seed_drivers(*db_, lane, {{"driver-1", Schedule(ride("a").pickup)}}));
    }
  }
  Status sees(const events::Payload& payload, int64_t time_ms = kNoonMs) {
    return reactor_.react(event(payload, time_ms), *db_, effects_);
  }
  /// A new store is shown what the log says.
  void recalls(const events::Payload& payload) {
    const auto was_lacking = reactor_.recall(event(payload), *db_);
    ASSERT_OK(was_lacking);
    EXPECT_TRUE(*was_lacking);
  }
  template <class T>
  bool published(size_t index) {
    return index < effects_.published.size() &&
           std::holds_alternative<T>(effects_.published[index].payload);
  }
  Match match_of(Lane lane, const std::string& ride_id) {
    return find(*db_, lane, ride_id).value().value_or(Match{});
  }
  /// Pairs of rides that have one driver at the same event time.
  int64_t overlaps() {
    return db_.number(
        "SELECT count(*) FROM matches a JOIN matches b ON a.lane=b.lane AND "
        "a.driver_id=b.driver_id AND a.id<b.id AND a.from_ms<b.until_ms AND b.from_ms<a.until_ms "
        "WHERE NOT a.released AND NOT b.released");
  }

  testing::ServiceDatabase db_{migrations()};
  testing::RecordedEffects effects_;
  Dispatcher dispatcher_;
  MatchingReactor reactor_{dispatcher_};
};

TEST_F(MatchingTest, ARequestedRideGetsTheNearestDriver) {
  ASSERT_OK(sees(ride("a")));
  EXPECT_TRUE(published<RideMatched>(0));
  EXPECT_EQ(match_of(Lane::log, "a").driver_id, "driver-1");
}

TEST_F(MatchingTest, WithoutAFreeDriverTheRideIsUnmatched) {
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(sees(ride("b")));
  EXPECT_TRUE(published<RideUnmatched>(1));
  EXPECT_EQ(match_of(Lane::log, "b").reason, "no_driver");
}

TEST_F(MatchingTest, ADeclinedPaymentFreesTheDriverForTheNextRide) {
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(sees(PaymentDeclined{"a", "rider-a", "card_declined"}));
  EXPECT_TRUE(match_of(Lane::log, "a").released);
  ASSERT_OK(sees(ride("b")));
  EXPECT_TRUE(published<RideMatched>(1));
  EXPECT_EQ(overlaps(), 0);
}

TEST_F(MatchingTest, ALateDeclineLeavesADriverOnItsNextRide) {
  ASSERT_OK(sees(ride("a")));
  const int64_t free_ms = match_of(Lane::log, "a").until_ms;
  ASSERT_OK(sees(ride("b", free_ms), free_ms));
  ASSERT_EQ(match_of(Lane::log, "b").driver_id, "driver-1");
  ASSERT_OK(sees(PaymentDeclined{"a", "rider-a", "card_declined"}));
  ASSERT_OK(sees(ride("c", free_ms + 1), free_ms + 1));
  EXPECT_EQ(match_of(Lane::log, "c").reason, "no_driver");
  EXPECT_EQ(overlaps(), 0);
}

// Invariant 62: a store that is rebuilt keeps what the log says was decided.
TEST_F(MatchingTest, ARecalledDriverIsKeptAndIsNotPublishedAgain) {
  recalls(RideMatched{"a", "rider-a", "driver-1", kNoonMs + 60'000, kNoonMs + kHourMs});
  ASSERT_OK(sees(ride("a")));
  EXPECT_EQ(match_of(Lane::log, "a").driver_id, "driver-1");
  EXPECT_EQ(match_of(Lane::log, "a").until_ms, kNoonMs + kHourMs);
  EXPECT_TRUE(effects_.published.empty());
  ASSERT_OK(sees(ride("b")));
  EXPECT_EQ(match_of(Lane::log, "b").reason, "no_driver");
}

TEST_F(MatchingTest, InARebuildUndecidedRidesWaitForDecidedOnes) {
  recalls(RideMatched{"a", "rider-a", "driver-1", kNoonMs + 60'000, kNoonMs + kHourMs});
  recalls(RideUnmatched{"b", "rider-b", "no_driver"});
  ASSERT_OK(sees(ride("new")));
  EXPECT_EQ(match_of(Lane::log, "new").ride_id, "") << "its driver may be another's";
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(sees(ride("b")));
  EXPECT_EQ(match_of(Lane::log, "b").reason, "no_driver");
  ASSERT_OK(reactor_.rebuilt(*db_, effects_));
  EXPECT_EQ(match_of(Lane::log, "new").reason, "no_driver");
  ASSERT_EQ(effects_.published.size(), 1u);
  EXPECT_EQ(effects_.published[0].id, "new/ride_unmatched");
}

// The log has both rides for one driver at one time: the first was given up before the second came.
TEST_F(MatchingTest, ADriverWhoseFirstRideFellAwayKeepsTheSecond) {
  for (const auto* id : {"first", "second"}) {
    recalls(RideMatched{id, "rider-" + std::string(id), "driver-1", kNoonMs + 60'000,
                        kNoonMs + kHourMs});
  }
  ASSERT_OK(sees(ride("first")));
  ASSERT_OK(sees(ride("second")));
  EXPECT_EQ(match_of(Lane::log, "second").driver_id, "driver-1");
  ASSERT_OK(sees(ride("third")));
  ASSERT_OK(sees(PaymentDeclined{"first", "rider-first", "card_declined"}));
  ASSERT_OK(reactor_.rebuilt(*db_, effects_));
  EXPECT_EQ(match_of(Lane::log, "third").reason, "no_driver");
  EXPECT_EQ(overlaps(), 0);
}

TEST_F(MatchingTest, ARecalledRideThatWasDeclinedFirstKeepsNoDriver) {
  recalls(RideMatched{"a", "rider-a", "driver-1", kNoonMs + 60'000, kNoonMs + kHourMs});
  ASSERT_OK(sees(PaymentDeclined{"a", "rider-a", "card_declined"}));
  ASSERT_OK(sees(ride("a")));
  EXPECT_TRUE(match_of(Lane::log, "a").released);
  ASSERT_OK(reactor_.rebuilt(*db_, effects_));
  ASSERT_OK(sees(ride("b")));
  EXPECT_EQ(match_of(Lane::log, "b").driver_id, "driver-1");
}

// A ride of tomorrow, an old file's, one that was late: each takes the driver at its own time only.
TEST_F(MatchingTest, ARideTakesNoDriverFromAnotherTime) {
  const int64_t today_ms = kNoonMs + 12 * kYearMs;
  for (const int64_t at_ms : {today_ms + 24 * kHourMs, today_ms, kNoonMs, today_ms - kHourMs}) {
    ASSERT_OK(sees(ride(std::to_string(at_ms), at_ms), at_ms));
    EXPECT_EQ(match_of(Lane::log, std::to_string(at_ms)).driver_id, "driver-1") << at_ms;
  }
  EXPECT_EQ(overlaps(), 0);
}

TEST_F(MatchingTest, ADeclineBetweenTwoRidesFreesItsTimeOnly) {
  for (const int64_t hour : {0, 4, 2}) {
    ASSERT_OK(sees(ride(std::to_string(hour), kNoonMs + hour * kHourMs)));
  }
  ASSERT_OK(sees(PaymentDeclined{"2", "rider-2", "card_declined"}));
  for (const int64_t hour : {0, 4, 2}) {
    ASSERT_OK(sees(ride("again-" + std::to_string(hour), kNoonMs + hour * kHourMs)));
  }
  EXPECT_EQ(match_of(Lane::log, "again-0").reason, "no_driver");
  EXPECT_EQ(match_of(Lane::log, "again-4").reason, "no_driver");
  EXPECT_EQ(match_of(Lane::log, "again-2").driver_id, "driver-1");
}

TEST_F(MatchingTest, ARideDeclinedBeforeItsRequestGetsNoDriver) {
  ASSERT_OK(sees(PaymentDeclined{"a", "rider-a", "card_declined"}));
  ASSERT_OK(sees(ride("a")));
  EXPECT_TRUE(published<RideUnmatched>(0));
  EXPECT_EQ(match_of(Lane::log, "a").reason, "payment_declined");
}

TEST_F(MatchingTest, ARollbackFreesTheDriverInMemoryToo) {
  ASSERT_OK((*db_).begin_immediate());
  ASSERT_OK(sees(ride("a")));
  (*db_).rollback();
  reactor_.rolled_back();
  ASSERT_OK(sees(ride("b")));
  EXPECT_EQ(match_of(Lane::log, "b").driver_id, "driver-1");
}

TEST_F(MatchingTest, AnotherInstancesRidesAreSeen) {
  ASSERT_OK(sees(ride("a", kNoonMs - kHourMs)));  // the fleet is in memory now
  const auto other_db = db_.open();
  Dispatcher other;
  MatchingReactor other_reactor(other);
  ASSERT_OK(other_reactor.react(event(ride("b")), *other_db, effects_));
  ASSERT_OK(sees(ride("c")));
  EXPECT_TRUE(match_of(Lane::log, "c").driver_id.empty()) << "the driver is on ride b";
  EXPECT_EQ(overlaps(), 0);
}

TEST_F(MatchingTest, TheCoupledLaneHasDriversOfItsOwn) {
  MatchingStep step(dispatcher_);
  ASSERT_OK(sees(ride("a")));
  service::ChainRide down{ride("a"), {}, {}};
  ASSERT_OK(step.apply(down, *db_));
  ASSERT_TRUE(down.matching && std::holds_alternative<RideMatched>(*down.matching));
  ASSERT_OK(step.undo(down, *db_));
  EXPECT_TRUE(match_of(Lane::chain, "a").released);
  EXPECT_FALSE(match_of(Lane::log, "a").released);
}

TEST_F(MatchingTest, TheCoupledLaneReleasesTheDriverWhenPaymentIsDeclined) {
  MatchingStep step(dispatcher_);
  service::ChainRide down{ride("a"), {}, {}};
  ASSERT_OK(step.apply(down, *db_));
  down.payment = PaymentDeclined{"a", "rider-a", "card_declined"};
  ASSERT_OK(step.conclude(down, *db_));
  EXPECT_TRUE(match_of(Lane::chain, "a").released);
}

/// Rides near each other in time and place, of two years that alternate: many want the driver just
/// before it is free.
std::vector<events::Payload> crowded_rides(uint64_t seed, int count) {
  std::mt19937_64 random(seed);
  std::vector<events::Payload> made;
  for (int i = 0; i < count; ++i) {
    const auto about_ms = static_cast<int64_t>(random() % (kHourMs / 4));
    const int64_t year = random() % 2 == 0 ? 0 : 12;
    auto request = ride("a", kNoonMs + year * kYearMs + i * (kHourMs / 20) + about_ms);
    request.ride_id = std::to_string(i);
    made.emplace_back(request);
    if (random() % 3 == 0) {
      made.emplace_back(PaymentDeclined{request.ride_id, "rider", "card_declined"});
    }
  }
  return made;
}

// Never two rides on one driver at the same event time, in whatever order rides and declines come.
TEST_F(MatchingTest, NoDriverIsEverTwiceAtOnce) {
  for (const auto& payload : crowded_rides(11, 1'000)) ASSERT_OK(sees(payload));
  EXPECT_EQ(overlaps(), 0);
  EXPECT_GT(db_.number("SELECT count(*) FROM matches WHERE outcome='matched'"), 100);
}

// What a restart, a rollback or another instance reads is what the first one knows.
TEST_F(MatchingTest, AnInstanceThatReadsTheStoreDecidesAsIfItHadSeenAllRides) {
  testing::ServiceDatabase twin{migrations()};
  ASSERT_OK(seed_drivers(*twin, Lane::log, {{"driver-1", Schedule(ride("a").pickup)}}));
  const std::array<std::unique_ptr<store::Database>, 3> dbs = {twin.open(), twin.open(),
                                                               twin.open()};
  std::array<Dispatcher, 3> dispatchers;
  size_t turn = 0;
  for (const auto& payload : crowded_rides(12, 600)) {
    ASSERT_OK(sees(payload));
    turn = (turn + 1) % dispatchers.size();
    if (turn == 2) dispatchers[turn].forget();
    MatchingReactor reactor(dispatchers[turn]);
    ASSERT_OK(reactor.react(event(payload, kNoonMs), *dbs[turn], effects_));
  }
  const auto matches_of = [](testing::ServiceDatabase& db) {
    std::string all;
    EXPECT_OK((*db).query("SELECT ride_id, outcome, from_ms, until_ms FROM matches ORDER BY id", {},
                          [&](const store::Row& row) {
                            all += row.text(0) + row.text(1) + row.text(2) + row.text(3) + "\n";
                          }));
    return all;
  };
  EXPECT_EQ(matches_of(twin), matches_of(db_));
  EXPECT_GT(db_.number("SELECT count(*) FROM matches WHERE outcome='matched'"), 64);
}

/// Rows as the first schema's program left them: one ride at noon, one that was declined, and one
/// two hours later.
TEST(MatchingMigrationTest, DriversOfTheFirstSchemaAreFreeBetweenTheirRides) {
  testing::ServiceDatabase db{{migrations().front()}};
  for (const int64_t hour : {0, 1, 2}) {
    const int64_t from_ms = kNoonMs + hour * kHourMs;
    ASSERT_OK((*db).run(
        "INSERT INTO matches(lane, ride_id, outcome, driver_id, start_lat, start_lon, from_ms, "
        "until_ms, released, reason) VALUES('log', ?, 'matched', 'd', 40.7128, -74.0060, ?, ?, ?, "
        "'')",
        {"old", from_ms, hour == 1 ? from_ms : from_ms + kHourMs / 2, int64_t{hour == 1}}));
  }
  ASSERT_OK((*db).run("INSERT INTO drivers VALUES('log', 'd', 40.7306, -73.9866, ?)",
                      {kNoonMs + 2 * kHourMs + kHourMs / 2}));
  ASSERT_OK((*db).run("INSERT INTO drivers VALUES('chain', 'd', 40.7128, -74.0060, 0)"));
  ASSERT_OK(store::migrate(*db, {{"service", migrations()}}));

  Dispatcher dispatcher;
  const auto is_matched = [&](Lane lane, int64_t at_ms) {
    const auto decided = dispatcher.match(lane, ride("a", at_ms), *db);
    return decided.ok() && std::holds_alternative<RideMatched>(*decided);
  };
  EXPECT_FALSE(is_matched(Lane::log, kNoonMs + kHourMs / 4));
  EXPECT_FALSE(is_matched(Lane::log, kNoonMs + 2 * kHourMs + kHourMs / 4));
  EXPECT_TRUE(is_matched(Lane::log, kNoonMs + kHourMs));
  EXPECT_TRUE(is_matched(Lane::log, kNoonMs - kYearMs));
  EXPECT_TRUE(is_matched(Lane::log, kNoonMs + 3 * kHourMs));
  EXPECT_TRUE(is_matched(Lane::chain, kNoonMs));
}

}  // namespace
}  // namespace hailstorm::matching

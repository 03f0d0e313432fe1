#include <array>
#include <memory>
#include <random>
#include <vector>

#include "common/store/migrations.h"
#include "tests/services/matching/matching_fixture.h"

namespace hailstorm::matching {
namespace {

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

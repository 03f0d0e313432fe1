#include "services/lab/views/ride_watch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "common/store/migrations.h"
#include "services/analytics/store.h"
#include "services/gateway/store.h"
#include "services/matching/store.h"
#include "services/notification/store.h"
#include "services/payment/store.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

using events::Lane;

/// The stores that the services keep, with the services' own tables.
class RideWatchTest : public ::testing::Test {
 protected:
  void make_stores() {
    gateway_ = make("gateway", gateway::migrations());
    matching_ = make("matching", matching::migrations());
    payment_ = make("payment", payment::migrations());
    notification_ = make("notification", notification::migrations());
    analytics_ = make("analytics", analytics::migrations());
  }
  std::unique_ptr<store::Database> make(const std::string& name,
                                        const std::vector<std::string>& steps) {
    std::filesystem::create_directories(folder_.path() / name);
    auto database =
        store::Database::open((folder_.path() / name / (name + ".db")).string()).value();
    EXPECT_OK(store::migrate(*database, {{name, steps}}));
    return database;
  }
  void accept(const std::string& ride, Lane lane = Lane::log) {
    gateway::AcceptedRide accepted;
    accepted.lane = lane;
    accepted.ride.ride_id = ride;
    accepted.ride.rider_id = "rider";
    accepted.ride.pickup = {.lat = 40.7, .lon = -73.9};
    accepted.accepted_ms = 7'000;
    ASSERT_OK(gateway::insert_ride(*gateway_, accepted));
  }
  void match(const std::string& ride, Lane lane = Lane::log, const std::string& driver = "d") {
    matching::Match row;
    row.lane = lane;
    row.ride_id = ride;
    row.driver_id = driver;
    row.start = {.lat = 40.6, .lon = -73.8};
    ASSERT_OK(matching::insert(*matching_, row));
  }
  void pay(const std::string& ride, Lane lane = Lane::log, const std::string& hold = "hold-1") {
    payment::Payment row;
    row.lane = lane;
    row.ride_id = ride;
    row.hold_id = hold;
    ASSERT_OK(payment::insert(*payment_, row));
  }
  void message(const std::string& ride, const std::string& kind, Lane lane = Lane::log) {
    ASSERT_OK(notification::insert(*notification_, lane, {ride, kind, "rider", "text"}, 0));
  }
  void count(const std::string& ride, const std::string& kind, Lane lane = Lane::log) {
    ASSERT_OK(analytics_->run(
        "INSERT INTO counted(lane, ride_id, kind, zone, minute) VALUES(?, ?, ?, 'z', 0)",
        {name_of(lane), std::string_view(ride), std::string_view(kind)}));
  }
  void settle(const std::string& ride, Lane lane = Lane::log) {
    for (const char* kind : {"ride_requested", "ride_matched", "payment_authorized"}) {
      message(ride, kind, lane);
      count(ride, kind, lane);
    }
  }
  static std::string text(const RideWatch::News& news) {
    std::string all;
    for (const RideChange& one : news.changes) {
      all += fmt::format("{} {} {}\n", one.ride_id, name_of(one.lane), one.state);
    }
    return all;
  }
  /// "matching 2, payment 1": what rides of the lane wait for.
  static std::string waiting(const RideWatch::News& news, Lane lane) {
    std::string all;
    for (size_t hop = 0; hop < kHops; ++hop) {
      const int64_t count = news.waiting[static_cast<size_t>(lane)][hop];
      if (count == 0) continue;
      all += fmt::format("{}{} {}", all.empty() ? "" : ", ", name_of(static_cast<Hop>(hop)), count);
    }
    return all;
  }
  static Answer refused(const std::string& ride, Lane lane, const std::string& failed_hop) {
    Answer answer;
    answer.ride_id = ride;
    answer.lane = lane;
    answer.status = 504;
    answer.sent_at_ms = 8'000;
    answer.failed_hop = failed_hop;
    return answer;
  }

  testing::TempFolder folder_;
  std::unique_ptr<store::Database> gateway_;
  std::unique_ptr<store::Database> matching_;
  std::unique_ptr<store::Database> payment_;
  std::unique_ptr<store::Database> notification_;
  std::unique_ptr<store::Database> analytics_;
};

TEST_F(RideWatchTest, ARideIsFollowedFromTheGatewayToItsLastEffect) {
  RideWatch watch(folder_.path());
  EXPECT_EQ(text(watch.look()), "") << "there is no store yet";
  make_stores();
  accept("r1");
  const auto first = watch.look();
  EXPECT_EQ(text(first), "r1 log requested\n");
  EXPECT_EQ(first.changes.front().pickup, (events::GeoPoint{.lat = 40.7, .lon = -73.9}));
  EXPECT_EQ(first.changes.front().asked_at_ms, 7'000);
  message("r1", "ride_matched");
  EXPECT_EQ(text(watch.look()), "r1 log matched\n");
  EXPECT_EQ(text(watch.look()), "") << "nothing has changed";
  message("r1", "payment_authorized");
  message("r1", "ride_requested");
  for (const char* kind : {"ride_requested", "ride_matched"}) count("r1", kind);
  const auto confirmed = watch.look();
  EXPECT_EQ(text(confirmed), "r1 log confirmed\n");
  EXPECT_EQ(confirmed.settled[0], 0) << "one count is missing";
  count("r1", "payment_authorized");
  const auto settled = watch.look();
  EXPECT_EQ(text(settled), "r1 log settled\n");
  EXPECT_EQ(settled.settled[0], 1);
  EXPECT_EQ(settled.settled[1], 0);
}

TEST_F(RideWatchTest, BothLanesOfARideAreTwoRides) {
  make_stores();
  RideWatch watch(folder_.path());
  accept("r1");
  settle("r1", Lane::chain);
  EXPECT_EQ(text(watch.look()), "r1 log requested\nr1 chain confirmed\n")
      << "the chain's rider has no answer yet";
  accept("r1", Lane::chain);
  const auto news = watch.look();
  EXPECT_EQ(text(news), "r1 chain settled\n");
  EXPECT_EQ(news.settled[static_cast<size_t>(Lane::chain)], 1);
}

TEST_F(RideWatchTest, ARideWaitsForEachServiceThatHasNotHandledAnEventOfIt) {
  make_stores();
  RideWatch watch(folder_.path());
  accept("r1");
  accept("r2");
  EXPECT_EQ(waiting(watch.look(), Lane::log), "matching 2, payment 2, notification 2, analytics 2");
  match("r1");
  const auto matched = watch.look();
  EXPECT_EQ(text(matched), "r1 log matched\n");
  EXPECT_EQ(matched.changes[0].driver, (events::GeoPoint{.lat = 40.6, .lon = -73.8}));
  EXPECT_EQ(waiting(matched, Lane::log), "matching 1, payment 2, notification 2, analytics 2");
  message("r1", "ride_requested");
  message("r1", "ride_matched");
  EXPECT_EQ(waiting(watch.look(), Lane::log), "matching 1, payment 2, notification 1, analytics 2");
  pay("r1");
  EXPECT_EQ(waiting(watch.look(), Lane::log), "matching 1, payment 1, notification 2, analytics 2")
      << "there is an event more of which to notify the rider";
  settle("r1");
  settle("r2");
  EXPECT_EQ(waiting(watch.look(), Lane::log), "");
}

TEST_F(RideWatchTest, ARideOfTheChainWaitsForTheNextServiceAlone) {
  make_stores();
  RideWatch watch(folder_.path());
  match("r1", Lane::chain);
  const auto news = watch.look();
  EXPECT_EQ(text(news), "r1 chain matched\n");
  EXPECT_FALSE(news.changes[0].pickup.has_value());
  EXPECT_EQ(waiting(news, Lane::chain), "payment 1");
  EXPECT_EQ(waiting(news, Lane::log), "");
  pay("r1", Lane::chain);
  EXPECT_EQ(waiting(watch.look(), Lane::chain), "notification 1");
  settle("r1", Lane::chain);
  EXPECT_EQ(waiting(watch.look(), Lane::chain), "");
}

TEST_F(RideWatchTest, WhatARiderWasRefusedFailedAndWithALaterEffectIsOrphaned) {
  make_stores();
  RideWatch watch(folder_.path());
  watch.note(refused("r1", Lane::chain, "payment"));
  watch.note(refused("r2", Lane::log, ""));
  const auto failed = watch.look();
  EXPECT_EQ(text(failed), "r1 chain failed\nr2 log failed\n");
  EXPECT_EQ(failed.changes[0].failed_hop, "payment");
  EXPECT_EQ(failed.changes[1].failed_hop, "gateway");
  EXPECT_EQ(waiting(failed, Lane::chain), "") << "nobody works on it";
  message("r1", "ride_requested", Lane::chain);
  EXPECT_EQ(text(watch.look()), "r1 chain orphaned\n");
}

TEST_F(RideWatchTest, ARideFailsWhereItStoodWhateverTheFirstCallerSays) {
  make_stores();
  RideWatch watch(folder_.path());
  match("r1", Lane::chain);
  (void)watch.look();
  watch.note(refused("r1", Lane::chain, "matching"));
  const auto failed = watch.look();
  ASSERT_EQ(failed.changes.size(), 1U);
  EXPECT_EQ(failed.changes[0].failed_hop, "payment") << "matching waited for it";
}

TEST_F(RideWatchTest, WhatIsKnownIsReportedOnce) {
  make_stores();
  RideWatch watch(folder_.path());
  watch.note(refused("r1", Lane::chain, "payment"));
  message("r1", "ride_requested", Lane::chain);
  EXPECT_EQ(text(watch.look()), "r1 chain orphaned\n");
  message("r1", "ride_matched", Lane::chain);
  EXPECT_EQ(text(watch.look()), "") << "it is as it was";
}

TEST_F(RideWatchTest, EachChangeOfARideSaysWhereItsDriverStood) {
  make_stores();
  RideWatch watch(folder_.path());
  accept("r1");
  match("r1");
  EXPECT_TRUE(watch.look().changes.at(0).driver.has_value());
  pay("r1");
  EXPECT_TRUE(watch.look().changes.at(0).driver.has_value());
}

TEST_F(RideWatchTest, ARideThatFailedAtFirstAndIsAcceptedThenIsAsAnyOther) {
  make_stores();
  RideWatch watch(folder_.path());
  watch.note(refused("r1", Lane::log, ""));
  accept("r1");
  EXPECT_EQ(text(watch.look()), "r1 log requested\n");
  settle("r1");
  EXPECT_EQ(text(watch.look()), "r1 log settled\n");
}

TEST_F(RideWatchTest, WhatAnalyticsCountsOfTheLogLaneIsReported) {
  make_stores();
  RideWatch watch(folder_.path());
  count("r1", "ride_requested");
  count("r1", "ride_requested", Lane::chain);
  const auto news = watch.look();
  ASSERT_EQ(news.counted.size(), 1U);
  EXPECT_EQ(news.counted[0].zone, "z");
  EXPECT_EQ(news.counted[0].kind, Kind::ride_requested);
}

TEST_F(RideWatchTest, ADeclinedRideSettlesToo) {
  make_stores();
  RideWatch watch(folder_.path());
  accept("r1");
  message("r1", "payment_declined");
  EXPECT_EQ(text(watch.look()), "r1 log declined\n");
  for (const char* kind : {"ride_requested", "ride_unmatched"}) message("r1", kind);
  for (const char* kind : {"ride_requested", "ride_unmatched", "payment_declined"}) {
    count("r1", kind);
  }
  EXPECT_EQ(watch.look().settled[0], 1);
}

TEST_F(RideWatchTest, ASecondEffectOfASettledRideSettlesItNoSecondTime) {
  make_stores();
  RideWatch watch(folder_.path());
  accept("r1");
  settle("r1");
  EXPECT_EQ(watch.look().settled[0], 1);
  settle("r1");
  EXPECT_EQ(watch.look().settled[0], 0);
}

TEST_F(RideWatchTest, RidesFromBeforeAreNotLookedAt) {
  make_stores();
  accept("old");
  settle("old");
  RideWatch watch(folder_.path());
  EXPECT_EQ(text(watch.look()), "");
  accept("new");
  EXPECT_EQ(text(watch.look()), "new log requested\n");
}

TEST_F(RideWatchTest, OfManyChangesAFrameHasTheNewest) {
  make_stores();
  RideWatch watch(folder_.path());
  ASSERT_OK(gateway_->begin_immediate());
  for (int i = 0; i < 1'000; ++i) accept(fmt::format("r{}", i));
  ASSERT_OK(gateway_->commit());
  const auto news = watch.look();
  ASSERT_EQ(news.changes.size(), RideWatch::kMaxChanges);
  EXPECT_EQ(news.changes.back().ride_id, "r999");
  EXPECT_EQ(news.changes.front().ride_id, "r800");
}

TEST_F(RideWatchTest, AStoreInThePlaceOfAnotherIsReadFromItsEnd) {
  make_stores();
  RideWatch watch(folder_.path());
  accept("r1");
  EXPECT_EQ(text(watch.look()), "r1 log requested\n");
  gateway_.reset();
  std::filesystem::remove_all(folder_.path() / "gateway");
  EXPECT_EQ(text(watch.look()), "");
  gateway_ = make("gateway", gateway::migrations());
  accept("r1");  // as a store that is made again from the log has it
  EXPECT_EQ(text(watch.look()), "");
  accept("r2");
  EXPECT_EQ(text(watch.look()), "r2 log requested\n");
}

}  // namespace
}  // namespace hailstorm::lab

#include "services/lab/views/ride_watch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "common/store/migrations.h"
#include "services/analytics/store.h"
#include "services/gateway/store.h"
#include "services/notification/store.h"
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
    ASSERT_OK(gateway::insert_ride(*gateway_, accepted));
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

  testing::TempFolder folder_;
  std::unique_ptr<store::Database> gateway_;
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
  EXPECT_DOUBLE_EQ(first.changes.front().lat, 40.7);
  EXPECT_DOUBLE_EQ(first.changes.front().lon, -73.9);
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
  EXPECT_EQ(text(watch.look()), "r1 log requested\n") << "the chain's rider has no answer yet";
  accept("r1", Lane::chain);
  const auto news = watch.look();
  EXPECT_EQ(text(news), "r1 chain settled\n");
  EXPECT_EQ(news.settled[static_cast<size_t>(Lane::chain)], 1);
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

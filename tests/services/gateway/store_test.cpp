#include "services/gateway/store.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "common/events/events.h"
#include "common/store/migrations.h"
#include "services/gateway/outcome_reactor.h"
#include "services/gateway/ride_view.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::gateway {
namespace {

using events::Lane;

constexpr int64_t kElevenPastMidnightMs = 1'396'311'060'000;  // 2014-04-01T00:11:00Z

AcceptedRide ride(const std::string& ride_id, Lane lane = Lane::log) {
  AcceptedRide accepted;
  accepted.lane = lane;
  accepted.ride = {ride_id, "rider-1", {40.75, -73.99}, {40.70, -74.01}, kElevenPastMidnightMs};
  accepted.idempotency_key = "key-of-" + ride_id;
  accepted.accepted_ms = 12'345;
  return accepted;
}

events::RideMatched matched() {
  return {"r1", "rider-1", "driver-7", kElevenPastMidnightMs + 60'000,
          kElevenPastMidnightMs + 600'000};
}
events::RideUnmatched unmatched(const std::string& reason) { return {"r1", "rider-1", reason}; }
events::PaymentAuthorized authorized() { return {"r1", "rider-1", "hold-1", 1'250}; }
events::PaymentDeclined declined() { return {"r1", "rider-1", "card_declined"}; }

class GatewayStoreTest : public ::testing::Test {
 protected:
  GatewayStoreTest() {
    db_ = store::Database::open((folder_.path() / "gateway.db").string()).value();
    EXPECT_OK(store::migrate(*db_, {{"service", migrations()}}));
  }
  /// One outcome arrives, `minutes` after the request.
  void comes(const events::Payload& payload, int64_t minutes = 1) {
    EXPECT_OK(add_to_timeline(
        *db_,
        events::make_event("/hailstorm/x", kElevenPastMidnightMs + minutes * 60'000, payload)));
  }
  std::string status() { return status_of(timeline_of(*db_, "r1").value()); }

  testing::TempFolder folder_;
  std::unique_ptr<store::Database> db_;
};

TEST_F(GatewayStoreTest, ARideIsFoundAsItWasAccepted) {
  ASSERT_TRUE(insert_ride(*db_, ride("r1")).value());
  const auto found = find_ride(*db_, Lane::log, "r1").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->ride.ride_id, "r1");
  EXPECT_EQ(found->ride.rider_id, "rider-1");
  EXPECT_EQ(found->ride.pickup, (events::GeoPoint{40.75, -73.99}));
  EXPECT_EQ(found->ride.dropoff, (events::GeoPoint{40.70, -74.01}));
  EXPECT_EQ(found->ride.requested_at_ms, kElevenPastMidnightMs);
  EXPECT_EQ(found->idempotency_key, "key-of-r1");
  EXPECT_EQ(found->answer, "");
  EXPECT_EQ(found->accepted_ms, 12'345);
  EXPECT_FALSE(find_ride(*db_, Lane::log, "r2").value());
}

TEST_F(GatewayStoreTest, ARideIsAcceptedOncePerLane) {
  EXPECT_TRUE(insert_ride(*db_, ride("r1")).value());
  auto other = ride("r1");
  other.ride.rider_id = "somebody-else";
  EXPECT_FALSE(insert_ride(*db_, other).value());
  EXPECT_EQ(find_ride(*db_, Lane::log, "r1").value()->ride.rider_id, "rider-1");

  auto coupled = ride("r1", Lane::chain);
  coupled.answer = R"({"outcome":"matched"})";
  EXPECT_TRUE(insert_ride(*db_, coupled).value());
  EXPECT_EQ(find_ride(*db_, Lane::chain, "r1").value()->answer, coupled.answer);
  EXPECT_EQ(find_ride(*db_, Lane::log, "r1").value()->answer, "");
}

TEST_F(GatewayStoreTest, HostileTextIsOnlyText) {
  auto hostile = ride("r1'; DROP TABLE rides; --");
  hostile.ride.rider_id = "\"}],'?1\\";
  ASSERT_TRUE(insert_ride(*db_, hostile).value());
  const auto found = find_ride(*db_, Lane::log, hostile.ride.ride_id).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->ride.rider_id, hostile.ride.rider_id);
}

TEST_F(GatewayStoreTest, TheTimelineIsInEventTimeWhateverCameFirst) {
  comes(matched(), 2);
  comes(authorized(), 1);
  const auto timeline = timeline_of(*db_, "r1").value();
  ASSERT_EQ(timeline.size(), 2u);
  EXPECT_EQ(timeline[0].type, "payment_authorized");
  EXPECT_EQ(timeline[1].type, "ride_matched");
  EXPECT_TRUE(timeline_of(*db_, "r2").value().empty());
}

TEST_F(GatewayStoreTest, ASecondEventOfATypeChangesNothing) {
  comes(matched());
  comes(matched(), 5);
  EXPECT_EQ(timeline_of(*db_, "r1").value().size(), 1u);
}

TEST_F(GatewayStoreTest, TheStatusFollowsTheOutcomesInAnyOrder) {
  struct Case {
    std::vector<events::Payload> outcomes;
    std::string status;
  };
  const std::vector<Case> cases = {{{}, "requested"},
                                   {{matched()}, "matched"},
                                   {{authorized()}, "authorized"},
                                   {{matched(), authorized()}, "confirmed"},
                                   {{unmatched("no_driver")}, "unmatched"},
                                   {{unmatched("no_driver"), authorized()}, "unmatched"},
                                   {{declined()}, "declined"},
                                   {{matched(), declined()}, "declined"},
                                   {{unmatched("payment_declined"), declined()}, "declined"},
                                   {{unmatched("payment_declined")}, "declined"}};
  for (const auto& [outcomes, expected] : cases) {
    for (const bool backwards : {false, true}) {
      ASSERT_OK(db_->run("DELETE FROM timeline"));
      auto order = outcomes;
      if (backwards) order = {outcomes.rbegin(), outcomes.rend()};
      for (const auto& outcome : order) comes(outcome);
      EXPECT_EQ(status(), expected) << "with " << outcomes.size() << " outcomes";
    }
  }
}

TEST_F(GatewayStoreTest, TheReactorReadsTheTopicsOfAllFourOutcomes) {
  EXPECT_EQ(OutcomeReactor().topics(),
            (std::vector<std::string>{"ride_matched", "ride_unmatched", "payment_authorized",
                                      "payment_declined"}));
}

}  // namespace
}  // namespace hailstorm::gateway

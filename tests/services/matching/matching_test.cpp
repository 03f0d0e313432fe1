#include "services/matching/chain_step.h"
#include "tests/services/matching/matching_fixture.h"

namespace hailstorm::matching {
namespace {

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

}  // namespace
}  // namespace hailstorm::matching

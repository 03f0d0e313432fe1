#include "services/lab/audit/judge.h"

#include <gtest/gtest.h>

namespace hailstorm::lab {
namespace {

/// A ride of the log lane as it should be, to be spoilt in one place by each test.
struct RideBuilder {
  RideFacts ride;

  RideBuilder& seen(Kind kind) {
    ride.in_log[kind] = ride.messages[kind] = ride.counted[kind] = 1;
    return *this;
  }
  RideBuilder& accepted() {
    ride.requested = ride.accepted = ride.committed = true;
    return seen(Kind::ride_requested);
  }
  RideBuilder& refused() {
    ride.requested = ride.refused = true;
    return *this;
  }
  RideBuilder& matched() {
    ride.matched = 1;
    return seen(Kind::ride_matched);
  }
  RideBuilder& unmatched() {
    ride.unmatched = 1;
    return seen(Kind::ride_unmatched);
  }
  RideBuilder& held() {
    ride.authorized = ride.held = 1;
    ride.amount_cents = ride.ledger_positive_cents = 1250;
    ride.hold_entries = 2;
    return seen(Kind::payment_authorized);
  }
  RideBuilder& voided() {
    held();
    ride.held = 0;
    ride.voided = 1;
    ride.void_entries = 2;
    return *this;
  }
  RideBuilder& declined() {
    ride.declined = 1;
    return seen(Kind::payment_declined);
  }
  RideBuilder& released() {
    ride.released = 1;
    return *this;
  }
};

Judgement judged(const RideBuilder& builder) { return judge(builder.ride, true); }
RideBuilder good_ride() { return RideBuilder().accepted().matched().held(); }

void expect_settled(const RideBuilder& builder) {
  const Judgement verdict = judged(builder);
  EXPECT_TRUE(verdict.settled) << verdict.lost << verdict.duplicated << verdict.orphaned;
  EXPECT_EQ(verdict.lost, "");
  EXPECT_EQ(verdict.duplicated, "");
  EXPECT_EQ(verdict.orphaned, "");
}
void expect_lost(const RideBuilder& builder, const std::string& why) {
  const Judgement verdict = judged(builder);
  EXPECT_FALSE(verdict.settled);
  EXPECT_NE(verdict.lost.find(why), std::string::npos) << verdict.lost;
}

TEST(JudgeTest, MatchedAndPaidIsSettled) { expect_settled(good_ride()); }
TEST(JudgeTest, UnmatchedAndVoidedIsSettled) {
  expect_settled(RideBuilder().accepted().unmatched().voided());
}
TEST(JudgeTest, DeclinedAndReleasedIsSettled) {
  expect_settled(RideBuilder().accepted().matched().declined().released());
}
TEST(JudgeTest, UnmatchedAndDeclinedIsSettled) {
  expect_settled(RideBuilder().accepted().unmatched().declined());
}
TEST(JudgeTest, FactPublishedTwiceIsTheRelaysRight) {
  auto ride = good_ride();
  ride.ride.in_log[Kind::ride_matched] = 2;
  expect_settled(ride);
}

TEST(JudgeTest, AcceptedWithoutAnyTraceIsLost) {
  RideBuilder ride;
  ride.ride.requested = ride.ride.accepted = true;
  expect_lost(ride, "never reached the log");
}
TEST(JudgeTest, MissingOutcomesAreLost) {
  expect_lost(RideBuilder().accepted().held(), "no matching outcome");
  expect_lost(RideBuilder().accepted().matched(), "no payment outcome");
}
TEST(JudgeTest, OutcomesThatDoNotFitAreLost) {
  expect_lost(RideBuilder().accepted().unmatched().held(), "still held");
  expect_lost(RideBuilder().accepted().matched().declined(), "driver is still kept");
  expect_lost(RideBuilder().accepted().matched().voided(), "hold does not stand");
}
TEST(JudgeTest, MissingMessageOrCountIsLost) {
  auto silent = good_ride();
  silent.ride.messages[Kind::ride_matched] = 0;
  expect_lost(silent, "no message of ride_matched");
  auto uncounted = good_ride();
  uncounted.ride.counted[Kind::payment_authorized] = 0;
  expect_lost(uncounted, "payment_authorized is not counted");
}
TEST(JudgeTest, MoneyFromNowhereIsLost) {
  auto ride = good_ride();
  ride.ride.ledger_sum_cents = 1250;
  expect_lost(ride, "sum to 1250 cents");
}

TEST(JudgeTest, AnyEffectTwiceIsDuplicated) {
  auto booked_twice = good_ride();
  booked_twice.ride.matched = 2;
  EXPECT_NE(judged(booked_twice).duplicated, "");
  auto paid_twice = good_ride();
  paid_twice.ride.authorized = paid_twice.ride.held = 2;
  EXPECT_NE(judged(paid_twice).duplicated, "");
  auto told_twice = good_ride();
  told_twice.ride.messages[Kind::ride_requested] = 2;
  EXPECT_NE(judged(told_twice).duplicated, "");
  auto counted_twice = good_ride();
  counted_twice.ride.counted[Kind::ride_matched] = 2;
  EXPECT_NE(judged(counted_twice).duplicated, "");
  EXPECT_FALSE(judged(counted_twice).settled);
}
TEST(JudgeTest, MatchedAndUnmatchedIsDuplicated) {
  EXPECT_NE(judged(good_ride().unmatched()).duplicated, "");
}

TEST(JudgeTest, EffectOfARefusedRideIsOrphaned) {
  EXPECT_NE(judged(RideBuilder().refused().matched()).orphaned, "");
  EXPECT_NE(judged(RideBuilder().refused().held()).orphaned, "");
  RideBuilder told;
  told.refused().ride.messages[Kind::ride_requested] = 1;
  EXPECT_NE(judged(told).orphaned, "");
  RideBuilder counted;
  counted.refused().ride.counted[Kind::ride_requested] = 1;
  EXPECT_NE(judged(counted).orphaned, "");
}
TEST(JudgeTest, RefusedRideThatWasUndoneIsNotOrphaned) {
  RideBuilder undone;
  undone.refused().ride.matched = undone.ride.released = 1;
  undone.ride.authorized = undone.ride.voided = 1;
  EXPECT_EQ(judged(undone).orphaned, "");
  EXPECT_EQ(judged(undone).lost, "");
  EXPECT_FALSE(judged(undone).settled);
}
TEST(JudgeTest, EffectThatNobodyAskedForIsOrphaned) {
  EXPECT_NE(judged(RideBuilder().matched().held()).orphaned, "");
}
TEST(JudgeTest, RefusedOnceAndAcceptedAtTheRepetitionIsNotOrphaned) {
  auto ride = good_ride();
  ride.ride.refused = true;
  expect_settled(ride);
}

}  // namespace
}  // namespace hailstorm::lab

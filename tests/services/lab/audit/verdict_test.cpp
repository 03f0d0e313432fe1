#include "services/lab/audit/verdict.h"

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

Verdict verdict_on(const RideBuilder& builder) { return verdict_of(builder.ride, true); }
RideBuilder good_ride() { return RideBuilder().accepted().matched().held(); }

void expect_settled(const RideBuilder& builder) {
  const Verdict verdict = verdict_on(builder);
  EXPECT_TRUE(verdict.settled) << verdict.lost << verdict.duplicated << verdict.orphaned;
  EXPECT_EQ(verdict.lost, "");
  EXPECT_EQ(verdict.duplicated, "");
  EXPECT_EQ(verdict.orphaned, "");
}
void expect_lost(const RideBuilder& builder, const std::string& why) {
  const Verdict verdict = verdict_on(builder);
  EXPECT_FALSE(verdict.settled);
  EXPECT_NE(verdict.lost.find(why), std::string::npos) << verdict.lost;
}

TEST(VerdictTest, MatchedAndPaidIsSettled) { expect_settled(good_ride()); }
TEST(VerdictTest, UnmatchedAndVoidedIsSettled) {
  expect_settled(RideBuilder().accepted().unmatched().voided());
}
TEST(VerdictTest, DeclinedAndReleasedIsSettled) {
  expect_settled(RideBuilder().accepted().matched().declined().released());
}
TEST(VerdictTest, UnmatchedAndDeclinedIsSettled) {
  expect_settled(RideBuilder().accepted().unmatched().declined());
}
TEST(VerdictTest, FactPublishedTwiceIsTheRelaysRight) {
  auto ride = good_ride();
  ride.ride.in_log[Kind::ride_matched] = 2;
  expect_settled(ride);
}

TEST(VerdictTest, AcceptedWithoutAnyTraceIsLost) {
  RideBuilder ride;
  ride.ride.requested = ride.ride.accepted = true;
  expect_lost(ride, "never reached the log");
}
TEST(VerdictTest, MissingOutcomesAreLost) {
  expect_lost(RideBuilder().accepted().held(), "no matching outcome");
  expect_lost(RideBuilder().accepted().matched(), "no payment outcome");
}
TEST(VerdictTest, OutcomesThatDoNotFitAreLost) {
  expect_lost(RideBuilder().accepted().unmatched().held(), "still held");
  expect_lost(RideBuilder().accepted().matched().declined(), "driver is still kept");
  expect_lost(RideBuilder().accepted().matched().voided(), "hold does not stand");
}
TEST(VerdictTest, MissingMessageOrCountIsLost) {
  auto silent = good_ride();
  silent.ride.messages[Kind::ride_matched] = 0;
  expect_lost(silent, "no message of ride_matched");
  auto uncounted = good_ride();
  uncounted.ride.counted[Kind::payment_authorized] = 0;
  expect_lost(uncounted, "payment_authorized is not counted");
}
TEST(VerdictTest, MoneyFromNowhereIsLost) {
  auto ride = good_ride();
  ride.ride.ledger_sum_cents = 1250;
  expect_lost(ride, "sum to 1250 cents");
}

TEST(VerdictTest, AnyEffectTwiceIsDuplicated) {
  auto booked_twice = good_ride();
  booked_twice.ride.matched = 2;
  EXPECT_NE(verdict_on(booked_twice).duplicated, "");
  auto paid_twice = good_ride();
  paid_twice.ride.authorized = paid_twice.ride.held = 2;
  EXPECT_NE(verdict_on(paid_twice).duplicated, "");
  auto messaged_twice = good_ride();
  messaged_twice.ride.messages[Kind::ride_requested] = 2;
  EXPECT_NE(verdict_on(messaged_twice).duplicated, "");
  auto counted_twice = good_ride();
  counted_twice.ride.counted[Kind::ride_matched] = 2;
  EXPECT_NE(verdict_on(counted_twice).duplicated, "");
  EXPECT_FALSE(verdict_on(counted_twice).settled);
}
TEST(VerdictTest, MatchedAndUnmatchedIsDuplicated) {
  EXPECT_NE(verdict_on(good_ride().unmatched()).duplicated, "");
}

TEST(VerdictTest, EffectOfARefusedRideIsOrphaned) {
  EXPECT_NE(verdict_on(RideBuilder().refused().matched()).orphaned, "");
  EXPECT_NE(verdict_on(RideBuilder().refused().held()).orphaned, "");
  RideBuilder messaged;
  messaged.refused().ride.messages[Kind::ride_requested] = 1;
  EXPECT_NE(verdict_on(messaged).orphaned, "");
  RideBuilder counted;
  counted.refused().ride.counted[Kind::ride_requested] = 1;
  EXPECT_NE(verdict_on(counted).orphaned, "");
}
TEST(VerdictTest, RefusedRideThatWasUndoneIsNotOrphaned) {
  RideBuilder undone;
  undone.refused().ride.matched = undone.ride.released = 1;
  undone.ride.authorized = undone.ride.voided = 1;
  EXPECT_EQ(verdict_on(undone).orphaned, "");
  EXPECT_EQ(verdict_on(undone).lost, "");
  EXPECT_FALSE(verdict_on(undone).settled);
}
TEST(VerdictTest, AnEffectWithoutARequestIsOrphaned) {
  EXPECT_NE(verdict_on(RideBuilder().matched().held()).orphaned, "");
}
TEST(VerdictTest, RefusedOnceAndAcceptedAtTheRepetitionIsNotOrphaned) {
  auto ride = good_ride();
  ride.ride.refused = true;
  expect_settled(ride);
}

}  // namespace
}  // namespace hailstorm::lab

#include <cmath>
#include <gtest/gtest.h>
#include <variant>

#include "common/events/ranges.h"
#include "services/payment/cashier.h"
#include "services/payment/chain_step.h"
#include "services/payment/fare.h"
#include "services/payment/provider.h"
#include "services/payment/reactor.h"
#include "services/payment/store.h"
#include "tests/support/matchers.h"
#include "tests/support/recorded_effects.h"
#include "tests/support/rides.h"
#include "tests/support/service_database.h"

namespace hailstorm::payment {
namespace {

using events::Lane;
using events::PaymentAuthorized;
using events::PaymentDeclined;
using events::RideUnmatched;
using testing::event;
using testing::ride;

/// Declines, or is down, as a test sets it, and counts.
class FakeProvider final : public PaymentProvider {
 public:
  Result<Hold> authorize(const std::string& key, const std::string&, int64_t) override {
    keys.push_back(key);
    if (down) return Error(ProviderErrc::unavailable, "down for the test");
    if (declines) return Hold{false, "", "card_declined"};
    return Hold{true, "hold-" + key, ""};
  }
  Status void_hold(const std::string& hold_id) override {
    voided.push_back(hold_id);
    return {};
  }
  bool declines = false;
  bool down = false;
  std::vector<std::string> keys;
  std::vector<std::string> voided;
};

class PaymentTest : public ::testing::Test {
 protected:
  Status sees(const events::Payload& payload) {
    return reactor_.react(event(payload), *db_, effects_);
  }
  /// A new store is shown what the log says.
  bool recalls(const events::Payload& payload) {
    const auto was_lacking = reactor_.recall(event(payload), *db_);
    EXPECT_OK(was_lacking);
    return was_lacking.ok() && *was_lacking;
  }
  std::string status(Lane lane, const std::string& ride_id) {
    const auto payment = find(*db_, lane, ride_id).value();
    return payment ? payment->status : "none";
  }
  int64_t ledger_sum() { return db_.number("SELECT coalesce(sum(amount_cents), 0) FROM ledger"); }
  int64_t held() {
    return db_.number("SELECT coalesce(sum(amount_cents), 0) FROM ledger WHERE account='holds'");
  }
  template <class T>
  bool published(size_t index) {
    return index < effects_.published.size() &&
           std::holds_alternative<T>(effects_.published[index].payload);
  }

  testing::ServiceDatabase db_{migrations()};
  testing::RecordedEffects effects_;
  FakeProvider provider_;
  Cashier cashier_{provider_};
  PaymentReactor reactor_{cashier_};
};

TEST(FareTest, IsBaseDistanceAndTimeAndAtLeastTheMinimum) {
  EXPECT_EQ(fare_cents(10'000, 1'200), 250 + 1'100 + 700);
  EXPECT_EQ(fare_cents(0, 0), 700);
  EXPECT_EQ(fare_cents(1e308, 1e308), events::kMaxAmountCents);
  EXPECT_EQ(fare_cents(std::nan(""), 0), 700);
}

TEST(SimulatedProviderTest, DecidesTheSameForTheSameKey) {
  SimulatedProvider provider(7, 0.5);
  int declined = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string key = "log/ride-" + std::to_string(i);
    const Hold first = provider.authorize(key, "rider", 100).value();
    const Hold again = SimulatedProvider(7, 0.5).authorize(key, "rider", 100).value();
    EXPECT_EQ(first.authorized, again.authorized);
    EXPECT_EQ(first.hold_id, again.hold_id);
    declined += first.authorized ? 0 : 1;
  }
  EXPECT_GT(declined, 60);
  EXPECT_LT(declined, 140);
}

TEST_F(PaymentTest, ARequestedRideHoldsItsFare) {
  ASSERT_OK(sees(ride("a")));
  EXPECT_EQ(status(Lane::log, "a"), "held");
  EXPECT_TRUE(published<PaymentAuthorized>(0));
  EXPECT_GT(held(), 0);
  EXPECT_EQ(ledger_sum(), 0);
  EXPECT_EQ(provider_.keys, std::vector<std::string>{"log/a"});
}

TEST_F(PaymentTest, ADeclinedRideHoldsNothing) {
  provider_.declines = true;
  ASSERT_OK(sees(ride("a")));
  EXPECT_EQ(status(Lane::log, "a"), "declined");
  EXPECT_TRUE(published<PaymentDeclined>(0));
  EXPECT_EQ(db_.number("SELECT count(*) FROM ledger"), 0);
}

// Money is conserved: every hold stands or is voided, once.
TEST_F(PaymentTest, AnUnmatchedRideGetsItsMoneyBackOnce) {
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(sees(RideUnmatched{"a", "rider-a", "no_driver"}));
  ASSERT_OK(sees(RideUnmatched{"a", "rider-a", "no_driver"}));
  EXPECT_EQ(status(Lane::log, "a"), "voided");
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(ledger_sum(), 0);
  EXPECT_EQ(provider_.voided.size(), 1u);
  EXPECT_EQ(db_.number("SELECT count(*) FROM ledger"), 4);
}

TEST_F(PaymentTest, ARideUnmatchedBeforeItsRequestHoldsNothing) {
  ASSERT_OK(sees(RideUnmatched{"a", "rider-a", "no_driver"}));
  ASSERT_OK(sees(ride("a")));
  EXPECT_EQ(status(Lane::log, "a"), "declined");
  EXPECT_TRUE(provider_.keys.empty());
  EXPECT_TRUE(published<PaymentDeclined>(0));
}

// Invariant 62: a store that is rebuilt keeps what the log says was decided.
TEST_F(PaymentTest, ARecalledHoldIsKeptAndIsNotPublishedAgain) {
  EXPECT_TRUE(recalls(PaymentAuthorized{"a", "rider-a", "hold-7", 925}));
  ASSERT_OK(sees(RideUnmatched{"a", "rider-a", "no_driver"}));
  provider_.declines = true;
  ASSERT_OK(sees(ride("a")));
  EXPECT_EQ(status(Lane::log, "a"), "voided");
  EXPECT_EQ(db_.number("SELECT amount_cents FROM payments WHERE hold_id='hold-7'"), 925);
  EXPECT_EQ(ledger_sum(), 0);
  EXPECT_TRUE(effects_.published.empty());
  EXPECT_TRUE(provider_.keys.empty()) << "the provider was asked before";
}

TEST_F(PaymentTest, ARecalledDeclineIsKeptWithItsReason) {
  EXPECT_TRUE(recalls(PaymentDeclined{"a", "rider-a", "card_declined"}));
  ASSERT_OK(sees(ride("a")));
  EXPECT_EQ(status(Lane::log, "a"), "declined");
  EXPECT_EQ(db_.number("SELECT count(*) FROM payments WHERE reason='card_declined'"), 1);
  EXPECT_TRUE(effects_.published.empty());
}

TEST_F(PaymentTest, WhatTheStoreKnowsIsNotRecalled) {
  ASSERT_OK(sees(ride("a")));
  EXPECT_FALSE(recalls(PaymentAuthorized{"a", "rider-a", "hold-7", 925}));
}

TEST_F(PaymentTest, EachLedgerRowHasTheChecksumOfItsContents) {
  ASSERT_OK(sees(ride("a")));
  const std::string altered =
      "SELECT count(*) FROM ledger WHERE checksum IS NOT "
      "checksum(lane, ride_id, entry, account, amount_cents)";
  EXPECT_EQ(db_.number(altered), 0);
  ASSERT_OK((*db_).run("UPDATE ledger SET amount_cents=amount_cents+1 WHERE account='holds'"));
  EXPECT_EQ(db_.number(altered), 1);
}

TEST_F(PaymentTest, AProviderThatIsDownLeavesTheRideUndecided) {
  provider_.down = true;
  EXPECT_FAILS_WITH(sees(ride("a")), ProviderErrc::unavailable);
  EXPECT_EQ(status(Lane::log, "a"), "none");
}

TEST_F(PaymentTest, TheCoupledLaneUndoesItsHold) {
  PaymentStep step(cashier_);
  service::ChainRide down{ride("a"), events::RideMatched{"a", "rider-a", "driver-1", 1, 2}, {}};
  ASSERT_OK(step.apply(down, *db_));
  ASSERT_TRUE(down.payment && std::holds_alternative<PaymentAuthorized>(*down.payment));
  EXPECT_EQ(status(Lane::chain, "a"), "held");
  EXPECT_EQ(status(Lane::log, "a"), "none") << "each lane has rows of its own";
  ASSERT_OK(step.undo(down, *db_));
  EXPECT_EQ(status(Lane::chain, "a"), "voided");
  EXPECT_EQ(ledger_sum(), 0);
}

TEST_F(PaymentTest, TheCoupledLaneHoldsNothingForAnUnmatchedRide) {
  PaymentStep step(cashier_);
  service::ChainRide down{ride("a"), RideUnmatched{"a", "rider-a", "no_driver"}, {}};
  ASSERT_OK(step.apply(down, *db_));
  EXPECT_EQ(status(Lane::chain, "a"), "declined");
  EXPECT_TRUE(provider_.keys.empty());
}

}  // namespace
}  // namespace hailstorm::payment

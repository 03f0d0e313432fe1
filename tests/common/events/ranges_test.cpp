#include "common/events/ranges.h"

#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/matchers.h"

namespace hailstorm::events {
namespace {

constexpr int64_t kLatestMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
constexpr int64_t kDayMs = 86'400'000;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

RideRequested asked() { return {"r", "p", {40.7, -74}, {40.8, -73.9}, kLatestMs - kDayMs}; }
RideMatched matched() { return {"r", "p", "d", kLatestMs, kLatestMs}; }
PaymentAuthorized authorized() { return {"r", "p", "h", 700}; }

/// The payload with one field of its own set.
template <class P, class Field, class Value>
P with(P payload, Field P::*field, Value value) {
  payload.*field = value;
  return payload;
}

struct Wrong {
  std::string field;
  Payload payload;
};

std::vector<Wrong> wrong_places() {
  std::vector<Wrong> wrong;
  for (const double bad : {90.000001, -90.000001, 91.0, 1e308, kInfinity, -kInfinity, kNan}) {
    wrong.push_back({"pickup.lat", with(asked(), &RideRequested::pickup, GeoPoint{bad, 0})});
    wrong.push_back({"dropoff.lat", with(asked(), &RideRequested::dropoff, GeoPoint{bad, 0})});
    wrong.push_back({"pickup.lon", with(asked(), &RideRequested::pickup, GeoPoint{0, 2 * bad})});
    wrong.push_back({"dropoff.lon", with(asked(), &RideRequested::dropoff, GeoPoint{0, 2 * bad})});
  }
  return wrong;
}

std::vector<Wrong> wrong_numbers() {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  std::vector<Wrong> wrong;
  for (const int64_t bad : {int64_t{-1}, kLeast, kMost}) {
    wrong.push_back({"requested_at", with(asked(), &RideRequested::requested_at_ms, bad)});
    wrong.push_back({"pickup_at", with(matched(), &RideMatched::pickup_at_ms, bad)});
    wrong.push_back({"dropoff_at", with(matched(), &RideMatched::dropoff_at_ms, bad)});
    wrong.push_back({"amount_cents", with(authorized(), &PaymentAuthorized::amount_cents, bad)});
  }
  wrong.push_back({"requested_at", with(asked(), &RideRequested::requested_at_ms, kLatestMs + 1)});
  wrong.push_back(
      {"dropoff_at", with(matched(), &RideMatched::dropoff_at_ms, kLatestMs + 60 * kDayMs + 1)});
  wrong.push_back(
      {"amount_cents", with(authorized(), &PaymentAuthorized::amount_cents, kMaxAmountCents + 1)});
  return wrong;
}

std::vector<Wrong> wrong_texts() {
  std::vector<Wrong> wrong;
  for (const std::string& bad : {std::string(), std::string("a\nb"), std::string("a\0b", 3),
                                 std::string("\x7f"), std::string(401, 'x')}) {
    wrong.push_back({"ride_id", with(asked(), &RideRequested::ride_id, bad)});
    wrong.push_back({"rider_id", with(asked(), &RideRequested::rider_id, bad)});
    wrong.push_back({"driver_id", with(matched(), &RideMatched::driver_id, bad)});
    wrong.push_back({"hold_id", with(authorized(), &PaymentAuthorized::hold_id, bad)});
  }
  wrong.push_back({"reason", RideUnmatched{"r", "p", ""}});
  wrong.push_back({"reason", PaymentDeclined{"r", "p", std::string(1'001, 'x')}});
  return wrong;
}

TEST(RangesTest, WhatIsOutOfItsRangeIsRefusedByItsName) {
  for (const auto& all : {wrong_places(), wrong_numbers(), wrong_texts()}) {
    for (const Wrong& wrong : all) {
      const Status checked = check_ranges(wrong.payload, kLatestMs);
      EXPECT_FAILS_WITH(checked, EventErrc::bad_field);
      EXPECT_NE(checked.error().message().find("'" + wrong.field + "'"), std::string::npos)
          << checked.error().message();
    }
  }
}

TEST(RangesTest, TheEdgesAreIn) {
  for (const Payload& good : std::vector<Payload>{
           asked(), with(asked(), &RideRequested::pickup, GeoPoint{90, -180}),
           with(asked(), &RideRequested::dropoff, GeoPoint{-90, 180}),
           with(asked(), &RideRequested::requested_at_ms, int64_t{0}),
           with(asked(), &RideRequested::requested_at_ms, kLatestMs),
           with(asked(), &RideRequested::rider_id, std::string(400, 'x')),
           with(asked(), &RideRequested::rider_id, std::string("Žofie \U0001F695")), matched(),
           with(matched(), &RideMatched::dropoff_at_ms, kLatestMs + 60 * kDayMs),
           with(authorized(), &PaymentAuthorized::amount_cents, int64_t{0}),
           with(authorized(), &PaymentAuthorized::amount_cents, kMaxAmountCents),
           RideUnmatched{"r", "p", "no_driver"}}) {
    EXPECT_OK(check_ranges(good, kLatestMs));
  }
}

TEST(RangesTest, AReaderWhoseClockIsALittleSlowTakesWhatTheGatewayAccepted) {
  const int64_t gateway_ms = kLatestMs;
  const int64_t reader_ms = gateway_ms - 30 * 60'000;
  EXPECT_TRUE(is_event_time(latest_accepted_ms(gateway_ms), latest_readable_ms(reader_ms)));
  EXPECT_EQ(latest_accepted_ms(gateway_ms), gateway_ms + kDayMs);
}

TEST(RangesTest, TraceparentHasItsShape) {
  EXPECT_TRUE(is_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
  EXPECT_FALSE(is_traceparent("00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
  EXPECT_FALSE(is_traceparent("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
  EXPECT_FALSE(is_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"));
  EXPECT_FALSE(is_traceparent(""));
}

}  // namespace
}  // namespace hailstorm::events

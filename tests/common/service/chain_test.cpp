#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "common/http/server.h"
#include "common/service/chain_hop.h"
#include "tests/support/matchers.h"
#include "tests/support/rides.h"

namespace hailstorm::service {
namespace {

using nlohmann::json;

constexpr int64_t kNowMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z

TEST(ChainRideTest, TravelsAsJsonWithWhatWasDecided) {
  ChainRide ride{testing::ride("a"), events::RideMatched{"a", "rider-a", "driver-1", 5, 9}, {}};
  const auto read = chain_ride_from(to_json(ride), kNowMs);
  ASSERT_OK(read);
  EXPECT_EQ(read->requested.pickup, ride.requested.pickup);
  ASSERT_TRUE(read->matching.has_value());
  EXPECT_EQ(std::get<events::RideMatched>(*read->matching).driver_id, "driver-1");
  EXPECT_FALSE(read->payment.has_value());
  EXPECT_EQ(events_of(*read).size(), 2u);
  EXPECT_EQ(events_of(*read)[1].id, "a/ride_matched");
}

TEST(ChainRideTest, AnythingElseIsAnErrorThatNamesTheMember) {
  for (const char* text : {"", "[]", "{}", R"({"ride_requested":7})", "{\"ride_requested\":{}}"}) {
    EXPECT_FALSE(chain_ride_from(text, kNowMs).ok()) << text;
  }
  json ride = json::parse(to_json(ChainRide{testing::ride("a"), {}, {}}));
  ride["matching"] = {{"no", "type"}};
  const auto read = chain_ride_from(ride.dump(), kNowMs);
  EXPECT_FAILS_WITH(read, events::EventErrc::bad_field);
}

TEST(ChainRideTest, ValuesOutOfTheirRangesAreRefusedByTheirFields) {
  const json good = json::parse(to_json(
      ChainRide{testing::ride("a"), {}, events::PaymentAuthorized{"a", "rider-a", "hold", 700}}));
  ASSERT_OK(chain_ride_from(good.dump(), kNowMs));
  const auto refused = [&](const char* path, const json& value) {
    json ride = good;
    ride[json::json_pointer(path)] = value;
    const auto read = chain_ride_from(ride.dump(), kNowMs);
    EXPECT_FALSE(read.ok());
    return read.ok() ? "" : read.error().message();
  };
  using ::testing::HasSubstr;
  EXPECT_THAT(refused("/ride_requested/pickup/lat", 1e308), HasSubstr("pickup.lat"));
  EXPECT_THAT(refused("/ride_requested/dropoff/lon", -181), HasSubstr("dropoff.lon"));
  EXPECT_THAT(refused("/ride_requested/requested_at", "2100-01-01T00:00:00Z"),
              HasSubstr("requested_at"));
  EXPECT_THAT(refused("/ride_requested/requested_at", "1969-12-31T23:59:59Z"),
              HasSubstr("requested_at"));
  EXPECT_THAT(refused("/ride_requested/ride_id", ""), HasSubstr("ride_id"));
  EXPECT_THAT(refused("/payment/amount_cents", std::numeric_limits<int64_t>::min()),
              HasSubstr("amount_cents"));
}

TEST(ChainRideTest, EachDecisionIsOfItsKindAndOfTheRequestedRide) {
  const auto read = [](const ChainRide& ride) { return chain_ride_from(to_json(ride), kNowMs); };
  const events::RideUnmatched unmatched{"a", "rider-a", "no_driver"};
  const events::PaymentDeclined declined{"a", "rider-a", "card"};
  EXPECT_OK(read({testing::ride("a"), unmatched, declined}));
  EXPECT_FAILS_WITH(read({testing::ride("a"), declined, {}}), events::EventErrc::unknown_type);
  EXPECT_FAILS_WITH(read({testing::ride("a"), {}, unmatched}), events::EventErrc::unknown_type);
  EXPECT_FAILS_WITH(read({testing::ride("b"), unmatched, {}}), events::EventErrc::contradiction);
  EXPECT_FAILS_WITH(
      read({testing::ride("a"), events::RideUnmatched{"a", "another", "no_driver"}, {}}),
      events::EventErrc::contradiction);
}

class NextHopTest : public ::testing::Test {
 protected:
  NextHopTest() : server_({}) {
    server_.route("POST", "/chain/rides", [this](const http::Request&) {
      if (++calls_ <= failures_) return http::problem(503, "not now", {{"failed_hop", "payment"}});
      return http::Response{200, "done", "text/plain", {}};
    });
    HAIL_CHECK(server_.start().ok());
  }
  std::unique_ptr<NextHop> hop(int64_t retries) {
    ChainSettings settings;
    settings.next = "http://127.0.0.1:" + std::to_string(server_.port());
    settings.retries = retries;
    return NextHop::make("matching", settings).value();
  }
  std::atomic<int> calls_{0};
  int failures_ = 0;
  http::Server server_;
};

TEST_F(NextHopTest, PassesTheFailedHopsProblemThrough) {
  failures_ = 1;
  const auto answer = hop(0)->call("{}", "");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(json::parse(answer.body).at("failed_hop"), "payment");
}

TEST_F(NextHopTest, CallsAgainAsOftenAsItIsTold) {
  failures_ = 2;
  EXPECT_EQ(hop(2)->call("{}", "").status, 200);
  EXPECT_EQ(calls_, 3);
}

TEST_F(NextHopTest, NamesItselfWhenNobodyAnswers) {
  server_.stop();
  const auto answer = hop(0)->call("{}", "");
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(json::parse(answer.body).at("failed_hop"), "matching");
}

TEST(ChainSettingsTest, AnAddressThatIsNoneIsRefused) {
  EXPECT_FALSE(NextHop::make("matching", {"nowhere", 1'000, 0}).ok());
}

}  // namespace
}  // namespace hailstorm::service

#include <atomic>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "common/base/token_file.h"
#include "common/http/server.h"
#include "common/service/chain_hop.h"
#include "tests/support/matchers.h"
#include "tests/support/rides.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::service {
namespace {

using nlohmann::json;

constexpr const char* kToken = "a-token-of-enough-characters";
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
    HAIL_CHECK(write_token(token_file_, kToken).ok());
    server_.route("POST", "/chain/rides", [this](const http::Request& request) {
      shown_ = request.header("Authorization").value_or("");
      if (++calls_ <= failures_)
        return http::problem(refusal_, "not now", {{"failed_hop", "payment"}});
      return http::Response{200, "done", "text/plain", {}};
    });
    HAIL_CHECK(server_.start().ok());
  }
  std::unique_ptr<NextHop> hop(int64_t retries) {
    ChainSettings settings;
    settings.token_file = token_file_;
    settings.next = "http://127.0.0.1:" + std::to_string(server_.port());
    settings.retries = retries;
    return NextHop::make("matching", settings, "/nowhere").value();
  }
  testing::TempFolder folder_;
  const std::string token_file_ = folder_.path() / "token";
  std::atomic<int> calls_{0};
  std::string shown_;
  int failures_ = 0;
  int refusal_ = 503;
  http::Server server_;
};

TEST_F(NextHopTest, PassesTheFailedHopsProblemThrough) {
  failures_ = 1;
  const auto answer = hop(0)->call("{}", "");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(json::parse(answer.body).at("failed_hop"), "payment");
}

TEST_F(NextHopTest, CallsAgainAsOftenAsItsRetriesSay) {
  failures_ = 2;
  EXPECT_EQ(hop(2)->call("{}", "").status, 200);
  EXPECT_EQ(calls_, 3);
}

TEST_F(NextHopTest, AHopThatDoesNotAnswerIsNamed) {
  server_.stop();
  const auto answer = hop(0)->call("{}", "");
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(json::parse(answer.body).at("failed_hop"), "matching");
}

TEST_F(NextHopTest, ShowsTheTokenThatTheFileHasNow) {
  const auto next = hop(0);
  EXPECT_EQ(next->call("{}", "").status, 200);
  EXPECT_EQ(shown_, std::string("Bearer ") + kToken);
  ASSERT_OK(write_token(token_file_, "another-token-of-enough-characters"));
  EXPECT_EQ(next->call("{}", "").status, 200);
  EXPECT_EQ(shown_, "Bearer another-token-of-enough-characters");
}

TEST_F(NextHopTest, WithoutATokenNoCallIsMade) {
  std::filesystem::remove(token_file_);
  const auto answer = hop(0)->call("{}", "");
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(json::parse(answer.body).at("failed_hop"), "matching");
  EXPECT_EQ(answer.body.find(token_file_), std::string::npos) << "riders see no path";
  EXPECT_EQ(calls_, 0);
}

// That our token is not the next hop's is no fault of the rider.
TEST_F(NextHopTest, ATokenThatIsRefusedIsAFailedHop) {
  refusal_ = 401;
  failures_ = 1;
  const auto answer = hop(3)->call("{}", "");
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(json::parse(answer.body).at("failed_hop"), "matching");
  EXPECT_EQ(calls_, 1);
}

TEST(ChainSettingsTest, TheNextHopsTokenIsInItsFolderBesideOurs) {
  const auto file_of = [](const std::string& data) {
    return ChainSettings().next_token_file("payment", data);
  };
  EXPECT_EQ(file_of("/data/matching"), "/data/payment/chain-token");
  EXPECT_EQ(file_of("/data/matching/"), "/data/payment/chain-token");
  EXPECT_EQ(file_of("matching"),
            (std::filesystem::current_path() / "payment/chain-token").string());
  ChainSettings named;
  named.token_file = "/run/token";
  EXPECT_EQ(named.next_token_file("payment", "/data/matching"), "/run/token");
}

TEST(ChainTokenTest, IsMadeOnceForItsOwnerAlone) {
  const testing::TempFolder folder;
  const auto made = ChainTokenSettings().open(folder.path());
  ASSERT_OK(made);
  EXPECT_EQ(made->size(), 64U);
  EXPECT_EQ(ChainTokenSettings().open(folder.path()).value(), *made);
  const auto mode = std::filesystem::status(folder.path() / "chain-token").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const std::string short_one = folder.path() / "short";
  std::ofstream(short_one) << "short\n";
  EXPECT_FAILS_WITH(ChainTokenSettings{short_one}.open(folder.path()), TokenErrc::unusable);
}

TEST(ChainSettingsTest, ATextThatIsNoAddressIsRefused) {
  EXPECT_FALSE(NextHop::make("matching", {"nowhere", 1'000, 0}, "/nowhere").ok());
}

}  // namespace
}  // namespace hailstorm::service

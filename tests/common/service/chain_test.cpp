#include <atomic>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/http/server.h"
#include "common/service/chain_hop.h"
#include "tests/support/matchers.h"
#include "tests/support/rides.h"

namespace hailstorm::service {
namespace {

using nlohmann::json;

TEST(ChainRideTest, TravelsAsJsonWithWhatWasDecided) {
  ChainRide ride{testing::ride("a"), events::RideMatched{"a", "rider-a", "driver-1", 5, 9}, {}};
  const auto read = chain_ride_from(to_json(ride));
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
    EXPECT_FALSE(chain_ride_from(text).ok()) << text;
  }
  json ride = json::parse(to_json(ChainRide{testing::ride("a"), {}, {}}));
  ride["matching"] = {{"no", "type"}};
  const auto read = chain_ride_from(ride.dump());
  EXPECT_FAILS_WITH(read, events::EventErrc::bad_field);
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

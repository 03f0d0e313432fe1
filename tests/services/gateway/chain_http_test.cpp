#include "tests/services/gateway/gateway_fixture.h"

namespace hailstorm::gateway {
namespace {

/// The coupled lane.
class ChainHttpTest : public GatewayHttpTest {};

TEST_F(ChainHttpTest, TheCoupledLaneNamesTheHopThatFailed) {
  const auto answer = post("/chain/rides", kRide, {{"Idempotency-Key", "k1"}});
  EXPECT_EQ(answer.status, 502) << answer.body;
  EXPECT_EQ(json::parse(answer.body).at("failed_hop"), "matching");
}

TEST_F(ChainHttpTest, ARepeatedKeyOnTheChainGetsTheSameAnswerWithoutAnotherRide) {
  const http::Response done{200, R"({"ride_id":"r","outcome":"matched"})", "application/json", {}};
  FakeMatching matching(matching_port_, done);
  const http::Headers key = {{"Idempotency-Key", "k1"}};
  for (int round = 0; round < 2; ++round) {
    const auto answer = post("/chain/rides", kRide, key);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, done.body);
  }
  EXPECT_EQ(matching.calls(), 1);
  const auto sent = json::parse(matching.last_body()).at("ride_requested");
  EXPECT_EQ(sent.at("ride_id"), events::ride_id_for("rider-1", "k1"));

  std::string other = kRide;
  other.replace(other.find("40.75"), 5, "40.76");
  EXPECT_EQ(field_of(post("/chain/rides", other, key), 409), "Idempotency-Key");
  EXPECT_EQ(matching.calls(), 1);
  EXPECT_EQ(post("/rides", kRide, key).status, 202) << "the log lane knows nothing of it";
}

TEST_F(ChainHttpTest, TheFailedHopsProblemIsTheAnswerAndTheRideMayBeTriedAgain) {
  const auto failure = http::problem(504, "payment is slow", {{"failed_hop", "payment"}});
  const http::Headers key = {{"Idempotency-Key", "k1"}};
  {
    FakeMatching matching(matching_port_, failure);
    const auto answer = post("/chain/rides", kRide, key);
    EXPECT_EQ(answer.status, 504);
    EXPECT_EQ(answer.body, failure.body);
    EXPECT_EQ(post("/chain/rides", kRide, key).status, 504);
    EXPECT_EQ(matching.calls(), 2) << "a failed ride is not remembered";
  }
}

TEST_F(ChainHttpTest, ASilentHopIsATimeoutAndTheOtherLaneGoesOn) {
  FakeMatching matching(matching_port_, {});
  matching.fall_silent();
  const http::Headers key = {{"Idempotency-Key", "k1"}};
  auto waits = std::async(std::launch::async, [&] { return post("/chain/rides", kRide, key); });
  ASSERT_TRUE(testing::await([&] { return matching.calls() > 0; }));
  EXPECT_EQ(post("/rides", kRide, key).status, 202);
  EXPECT_EQ(field_of(post("/chain/rides", kRide, key), 409), "Idempotency-Key")
      << "the same ride is still on its way";
  const auto answer = waits.get();
  EXPECT_EQ(answer.status, 504) << answer.body;
  EXPECT_EQ(json::parse(answer.body).at("failed_hop"), "matching");
}

}  // namespace
}  // namespace hailstorm::gateway

#include "tests/services/gateway/gateway_fixture.h"

namespace hailstorm::gateway {
namespace {

TEST_F(GatewayHttpTest, AcceptsRidesWhileThereIsNoBroker) {
  const auto accepted = post("/rides", kRide, {{"Idempotency-Key", "k1"}});
  EXPECT_EQ(accepted.status, 202) << accepted.body;
  const auto ride_id = json::parse(accepted.body).at("ride_id").get<std::string>();
  EXPECT_EQ(ride_id, events::ride_id_for("rider-1", "k1"));
  EXPECT_EQ(accepted.headers.at("Location"), "/rides/" + ride_id);
  const auto shown = client_->get("/rides/" + ride_id).value();
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(json::parse(shown.body).at("rider_id"), "rider-1");
}

TEST_F(GatewayHttpTest, ARepeatedKeyIsTheSameRideAndAnotherBodyAConflict) {
  const auto first = post("/rides", kRide, {{"Idempotency-Key", "k1"}});
  const auto again = post("/rides", kRide, {{"Idempotency-Key", "k1"}});
  EXPECT_EQ(again.status, 202);
  EXPECT_EQ(again.body, first.body);
  std::string other = kRide;
  other.replace(other.find("40.75"), 5, "40.76");
  EXPECT_EQ(field_of(post("/rides", other, {{"Idempotency-Key", "k1"}}), 409), "Idempotency-Key");
  EXPECT_EQ(json::parse(client_->get("/status")->body).at("outbox"), 1) << "one ride, one event";
}

TEST_F(GatewayHttpTest, ARideWithoutATimeIsTakenAndItsRepetitionIsTheSameRide) {
  std::string ride = kRide;
  const std::string time = R"(,"requested_at":"2014-04-01T00:11:00Z")";
  ride.erase(ride.find(time), time.size());
  const http::Headers key = {{"Idempotency-Key", "k1"}};
  const auto first = post("/rides", ride, key);
  EXPECT_EQ(first.status, 202) << first.body;
  const int64_t answered_ms = clock_.wall_ms();
  ASSERT_TRUE(testing::await([&] { return clock_.wall_ms() > answered_ms; }));
  EXPECT_EQ(post("/rides", ride, key).body, first.body);
  EXPECT_EQ(field_of(post("/rides", kRide, key), 409), "Idempotency-Key");
}

TEST_F(GatewayHttpTest, AKeyIsTakenAsItWasSent) {
  const auto decoded = post("/rides", kRide, {{"Idempotency-Key", "a/b"}});
  const auto encoded = post("/rides", kRide, {{"Idempotency-Key", "a%2Fb"}});
  EXPECT_EQ(decoded.status, 202);
  EXPECT_EQ(encoded.status, 202);
  EXPECT_NE(decoded.body, encoded.body) << "two keys, two rides";
}

// Else each repetition would be a ride of its own.
TEST_F(GatewayHttpTest, AKeyWithoutAValueIsRefused) {
  for (const char* path : {"/rides", "/chain/rides"}) {
    EXPECT_EQ(field_of(post(path, kRide, {{"Idempotency-Key", ""}}), 400), "Idempotency-Key");
  }
  EXPECT_EQ(json::parse(client_->get("/status")->body).at("outbox"), 0);
}

TEST_F(GatewayHttpTest, BadRequestsAreProblemsThatNameTheField) {
  std::string far = kRide;
  far.replace(far.find("40.75"), 5, "91");
  EXPECT_EQ(field_of(post("/rides", far), 422), "pickup.lat");
  EXPECT_EQ(field_of(post("/rides", "{"), 400), "body");
  EXPECT_EQ(field_of(post("/rides", kRide, {{"Content-Type", "text/plain"}}), 415), "Content-Type");
  EXPECT_EQ(field_of(post("/rides", std::string(70 << 10, ' ')), 413), "body");
  EXPECT_EQ(client_->get("/rides/nobody").value().status, 404);
  EXPECT_EQ(client_->get("/elsewhere").value().status, 404);
  EXPECT_EQ(json::parse(client_->get("/status")->body).at("outbox"), 0) << "nothing half done";
}

TEST_F(GatewayHttpTest, ARideOfMoreThanADayAheadIsRefusedOnBothLanes) {
  std::string ahead = kRide;
  ahead.replace(ahead.find("2014"), 4, "2100");
  for (const char* path : {"/rides", "/chain/rides"}) {
    EXPECT_EQ(field_of(post(path, ahead), 422), "requested_at") << path;
  }
  EXPECT_EQ(json::parse(client_->get("/status")->body).at("outbox"), 0);
}

TEST_F(GatewayHttpTest, BothLanesRefuseTheSameBadRequests) {
  FakeMatching matching(matching_port_, {});
  std::string far = kRide;
  far.replace(far.find("40.75"), 5, "91");
  EXPECT_EQ(field_of(post("/chain/rides", far), 422), "pickup.lat");
  EXPECT_EQ(field_of(post("/chain/rides", "{"), 400), "body");
  EXPECT_EQ(field_of(post("/chain/rides", std::string(70 << 10, ' ')), 413), "body");
  for (const char* form : {"multipart/form-data", "application/x-www-form-urlencoded"}) {
    const http::Headers headers = {{"Content-Type", form}};
    EXPECT_EQ(field_of(post("/chain/rides", kRide, headers), 415), "Content-Type");
    EXPECT_EQ(field_of(post("/rides", std::string(9'000, 'x'), headers), 415), "Content-Type");
  }
  EXPECT_EQ(matching.calls(), 0) << "nothing half done";
}

}  // namespace
}  // namespace hailstorm::gateway

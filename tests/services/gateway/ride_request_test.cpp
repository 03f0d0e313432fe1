#include "services/gateway/ride_request.h"

#include <gtest/gtest.h>
#include <string>
#include <variant>

#include "tests/support/matchers.h"

namespace hailstorm::gateway {
namespace {

constexpr int64_t kNowMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z

class RideRequestTest : public ::testing::Test {
 protected:
  RideRequestTest() {
    request_.headers["Content-Type"] = "application/json";
    request_.body =
        R"({"rider_id":"rider-1","pickup":{"lat":40.75,"lon":-73.99},)"
        R"("dropoff":{"lat":40.70,"lon":-74.01},"requested_at":"2014-04-01T00:11:00Z"})";
  }
  /// What is wrong with the request; of status 0 where nothing is.
  [[nodiscard]] RequestProblem problem() const {
    const auto read = read_ride_request(request_, kNowMs);
    const auto* found = std::get_if<RequestProblem>(&read);
    return found == nullptr ? RequestProblem() : *found;
  }
  [[nodiscard]] RideRequest read() const {
    return std::get<RideRequest>(read_ride_request(request_, kNowMs));
  }

  http::Request request_;
};

TEST_F(RideRequestTest, ContentTypeIsJsonWithOrWithoutParameters) {
  for (const char* good : {"application/json", "Application/JSON; charset=utf-8"}) {
    request_.headers["Content-Type"] = good;
    EXPECT_EQ(problem().status, 0) << good;
  }
  for (const char* bad : {"text/plain", "application/jsonx", "application/x-www-form-urlencoded"}) {
    request_.headers["Content-Type"] = bad;
    EXPECT_EQ(problem().status, 415) << bad;
    EXPECT_EQ(problem().field, "Content-Type");
  }
  request_.headers.erase("Content-Type");
  EXPECT_EQ(problem().status, 415);
}

TEST_F(RideRequestTest, KeyIsOneTo200PrintableCharacters) {
  EXPECT_EQ(read().idempotency_key, "");
  for (const std::string& good : {std::string("ride-7-12"), std::string(200, 'k')}) {
    request_.headers["Idempotency-Key"] = good;
    EXPECT_EQ(read().idempotency_key, good);
  }
  for (const std::string& bad :
       {std::string(), std::string(201, 'k'), std::string("a\tb"), std::string("é")}) {
    request_.headers["Idempotency-Key"] = bad;
    EXPECT_EQ(problem().status, 400) << bad;
    EXPECT_EQ(problem().field, "Idempotency-Key");
  }
}

TEST_F(RideRequestTest, TheSameKeyOfTheSameRiderIsTheSameRide) {
  request_.headers["Idempotency-Key"] = "k1";
  EXPECT_EQ(read().ride.ride_id, events::ride_id_for("rider-1", "k1"));
  request_.headers.erase("Idempotency-Key");
  EXPECT_NE(read().ride.ride_id, read().ride.ride_id) << "without a key each request is a new ride";
}

TEST_F(RideRequestTest, ARideThatNobodyTracesIsTracedByItsId) {
  constexpr const char* kTrace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  request_.headers["traceparent"] = kTrace;
  EXPECT_EQ(read().traceparent, kTrace);
  request_.headers["traceparent"] = "no trace";
  const auto ride = read();
  std::string id = ride.ride.ride_id;
  std::erase(id, '-');
  EXPECT_EQ(ride.traceparent.substr(3, id.size()), id);
}

TEST_F(RideRequestTest, AProblemOfTheBodyIsTheRequests) {
  request_.body = "{}";
  EXPECT_EQ(problem().status, 422);
  EXPECT_EQ(problem().field, "rider_id");
}

}  // namespace
}  // namespace hailstorm::gateway

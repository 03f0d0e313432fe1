#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <thread>

#include "common/base/clock.h"
#include "common/base/token_file.h"
#include "common/http/client.h"
#include "common/http/server.h"
#include "services/gateway/chain_handlers.h"
#include "services/gateway/outcome_reactor.h"
#include "services/gateway/readers.h"
#include "services/gateway/ride_handlers.h"
#include "services/gateway/store.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::gateway {
namespace {

using nlohmann::json;

constexpr const char* kRide =
    R"({"rider_id":"rider-1","pickup":{"lat":40.75,"lon":-73.99},)"
    R"("dropoff":{"lat":40.70,"lon":-74.01},"requested_at":"2014-04-01T00:11:00Z"})";

// Long for a test that waits for it, and for a busy machine to answer within it.
constexpr int kChainTimeoutMs = 3'000;

/// A matching service that gives one answer to all requests.
class FakeMatching {
 public:
  FakeMatching(int port, http::Response answer) : server_({.port = port}) {
    server_.route("POST", "/chain/rides", [this, answer](const http::Request& request) {
      ++calls_;
      last_body_ = request.body;
      if (silent_) stop_waiting_.get_future().wait();
      return answer;
    });
    HAIL_CHECK(server_.start().ok());
  }
  ~FakeMatching() {
    if (silent_) stop_waiting_.set_value();
    server_.stop();
  }
  FakeMatching(const FakeMatching&) = delete;
  FakeMatching& operator=(const FakeMatching&) = delete;

  /// From now on it takes requests, and answers only when it ends.
  void fall_silent() { silent_ = true; }
  [[nodiscard]] int calls() const { return calls_; }
  [[nodiscard]] const std::string& last_body() const { return last_body_; }

 private:
  std::atomic<int> calls_{0};
  std::atomic<bool> silent_{false};
  std::promise<void> stop_waiting_;
  std::string last_body_;
  http::Server server_;
};

/// The gateway as riders see it, without a broker; with a matching service only where a test makes
/// one.
class GatewayHttpTest : public ::testing::Test {
 protected:
  GatewayHttpTest() {
    service::ServiceSettings settings;
    settings.name = "gateway";
    settings.data = (folder_.path() / "gateway").string();
    settings.broker = "hailstorm://127.0.0.1:" + std::to_string(testing::free_port());
    settings.http_port = port_ = testing::free_port();
    settings.needs_the_log = false;
    settings.log.level = "error";
    service_ = service::Service::open(settings, reactor_, migrations(), clock_).value();
    readers_ = std::make_unique<Readers>(service_->database_path());
    service::ChainSettings chain;
    matching_port_ = testing::free_port();
    chain.next = "http://127.0.0.1:" + std::to_string(matching_port_);
    chain.timeout_ms = kChainTimeoutMs;
    chain.token_file = folder_.path() / "token";
    HAIL_CHECK(write_token(chain.token_file, "a-token-of-enough-characters").ok());
    matching_ = service::NextHop::make("matching", chain, settings.data).value();
    rides_ = std::make_unique<RideHandlers>(*service_, *readers_);
    chain_rides_ = std::make_unique<ChainHandlers>(*service_, *readers_, *matching_);
    rides_->add_routes(service_->http());
    chain_rides_->add_routes(service_->http());
    running_ = std::thread([this] {
      ServerStart start(stop_, [] {});
      const auto code = service_->run(start);
      EXPECT_TRUE(code.ok() && *code == 0);
    });
    client_ = std::make_unique<http::Client>(http::Address{"127.0.0.1", port_}, 20'000);
    HAIL_CHECK(testing::await([&] { return client_->get("/healthz").ok(); }));
  }
  ~GatewayHttpTest() override {
    stop_.request();
    running_.join();
  }

  http::Response post(const std::string& path, const std::string& body,
                      http::Headers headers = {}) {
    return client_->post(path, body, std::move(headers)).value();
  }
  /// The problem's field; the answer must be a problem of this status.
  std::string field_of(const http::Response& answer, int status) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.content_type, "application/problem+json");
    return json::parse(answer.body).value("field", "");
  }

  testing::TempFolder folder_;
  StopSignal stop_;
  const SystemClock clock_;
  OutcomeReactor reactor_;
  int port_ = 0;
  int matching_port_ = 0;
  std::unique_ptr<service::Service> service_;
  std::unique_ptr<Readers> readers_;
  std::unique_ptr<service::NextHop> matching_;
  std::unique_ptr<RideHandlers> rides_;
  std::unique_ptr<ChainHandlers> chain_rides_;
  std::thread running_;
  std::unique_ptr<http::Client> client_;
};

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

TEST_F(GatewayHttpTest, TheCoupledLaneNamesTheHopThatFailed) {
  const auto answer = post("/chain/rides", kRide, {{"Idempotency-Key", "k1"}});
  EXPECT_EQ(answer.status, 502) << answer.body;
  EXPECT_EQ(json::parse(answer.body).at("failed_hop"), "matching");
}

TEST_F(GatewayHttpTest, ARepeatedKeyOnTheChainGetsTheSameAnswerWithoutAnotherRide) {
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

TEST_F(GatewayHttpTest, TheFailedHopsProblemIsTheAnswerAndTheRideMayBeTriedAgain) {
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

TEST_F(GatewayHttpTest, ASilentHopIsATimeoutAndTheOtherLaneGoesOn) {
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

#pragma once

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

using nlohmann::json;

inline constexpr const char* kRide =
    R"({"rider_id":"rider-1","pickup":{"lat":40.75,"lon":-73.99},)"
    R"("dropoff":{"lat":40.70,"lon":-74.01},"requested_at":"2014-04-01T00:11:00Z"})";

// Long for a test that waits for it, and for a busy machine to answer within it.
inline constexpr int kChainTimeoutMs = 3'000;

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

}  // namespace hailstorm::gateway

#include "services/traffic/sender.h"

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "common/http/server.h"
#include "services/traffic/answer.h"
#include "services/traffic/answers_file.h"
#include "services/traffic/schedule.h"
#include "services/traffic/trips.h"
#include "tests/services/traffic/file_lines.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::traffic {
namespace {

using nlohmann::json;

/// A gateway that fails the first `failures` requests of the chain, and holds the chain's answers
/// back between hold() and release().
class FakeGateway {
 public:
  explicit FakeGateway(int failures) : failures_left_(failures), server_({}) {
    server_.route("POST", "/rides", [this](const http::Request& request) {
      remember(request);
      return http::Response{202, "{}", "application/json", {}};
    });
    server_.route("POST", "/chain/rides", [this](const http::Request& request) {
      remember(request);
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !held_; });
      if (failures_left_-- > 0) return http::problem(502, "no", {{"failed_hop", "payment"}});
      return http::Response{200, "{}", "application/json", {}};
    });
    HAIL_CHECK(server_.start().ok());
  }
  [[nodiscard]] int port() const { return server_.port(); }
  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void release() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  /// The bodies of the log lane, by key.
  std::map<std::string, std::string> rides() {
    const std::lock_guard lock(mutex_);
    return rides_;
  }
  /// Keys by path.
  std::map<std::string, std::multiset<std::string>> keys() {
    const std::lock_guard lock(mutex_);
    return keys_;
  }

 private:
  void remember(const http::Request& request) {
    const std::lock_guard lock(mutex_);
    const std::string key = request.header("Idempotency-Key").value_or("");
    keys_[request.path].insert(key);
    if (request.path == "/rides") rides_[key] = request.body;
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int failures_left_;
  std::map<std::string, std::multiset<std::string>> keys_;
  std::map<std::string, std::string> rides_;
  http::Server server_;
};

class SenderTest : public ::testing::Test {
 protected:
  Totals send(FakeGateway& gateway, int64_t rides, int64_t retries, int64_t seed = 7,
              const std::string& source = "none") {
    SenderSettings settings;
    settings.gateway = {"127.0.0.1", gateway.port()};
    settings.lanes = {events::Lane::log, events::Lane::chain};
    settings.seed = seed;
    settings.retries = retries;
    auto file = AnswersFile::open(answers()).value();
    Sender sender(settings, *file, clock_);
    const auto trips =
        TripSource::open(source).value().trips(static_cast<uint64_t>(seed), 0, rides);
    const auto totals = sender.run(trips, Schedule::at_rate(1'000), stop_);
    EXPECT_OK(file->close());
    return totals;
  }
  [[nodiscard]] std::filesystem::path answers() const { return folder_.path() / "answers.jsonl"; }

  StopSignal stop_;
  testing::TempFolder folder_;
  const SystemClock clock_;
};

TEST_F(SenderTest, EveryRideGoesToBothLanesUnderOneKey) {
  FakeGateway gateway(3);
  const auto totals = send(gateway, 20, 0);
  EXPECT_EQ(totals.accepted, 37);
  EXPECT_EQ(totals.refused, 3);
  const auto keys = gateway.keys();
  EXPECT_EQ(keys.at("/rides"), keys.at("/chain/rides"));
  EXPECT_EQ(keys.at("/rides").count(idempotency_key(7, 19)), 1u);

  std::map<std::string, std::set<std::string>> rides_by_lane;
  int named_hops = 0;
  for (const auto& line : lines_of(answers())) {
    const json answer = json::parse(line);
    rides_by_lane[answer.at("lane")].insert(answer.at("ride_id").get<std::string>());
    named_hops += answer.value("failed_hop", "") == "payment" ? 1 : 0;
  }
  EXPECT_EQ(rides_by_lane.at("log").size(), 20u);
  EXPECT_EQ(rides_by_lane.at("log"), rides_by_lane.at("chain"));
  EXPECT_EQ(named_hops, 3);
}

// What README promises of the seed. The gateway makes each ride's id of its rider and its key.
TEST_F(SenderTest, TheSameSeedAsksForTheSameRides) {
  const std::string file = folder_.path() / "trips.csv";
  std::ofstream(file) << "Date/Time,Lat,Lon\n4/1/2014 0:11:00,40.1,-73.9\n"
                         "4/1/2014 0:12:00,40.2,-73.9\n4/1/2014 0:13:00,40.3,-73.9\n";
  for (const std::string& source : {std::string("none"), file}) {
    std::vector<std::map<std::string, std::string>> runs;
    for (const int64_t seed : {7, 7, 8}) {
      FakeGateway gateway(0);
      EXPECT_EQ(send(gateway, 30, 0, seed, source).accepted, 60);
      runs.push_back(gateway.rides());
    }
    EXPECT_EQ(runs[0].size(), 30u);
    EXPECT_EQ(runs[0], runs[1]) << source;
    EXPECT_NE(runs[0], runs[2]) << source;
  }
}

TEST_F(SenderTest, RetriesAskAgainWithTheSameKey) {
  FakeGateway gateway(2);
  const auto totals = send(gateway, 1, 5);
  EXPECT_EQ(totals.accepted, 2);
  EXPECT_EQ(gateway.keys().at("/chain/rides").count(idempotency_key(7, 0)), 3u);
}

// An open loop: riders who wait on one lane never delay the other.
TEST_F(SenderTest, ALaneThatHangsDoesNotHoldTheOtherBack) {
  FakeGateway gateway(0);
  gateway.hold();
  std::thread release([&] {
    EXPECT_TRUE(testing::await([&] { return gateway.keys()["/rides"].size() >= 20; }));
    gateway.release();
  });
  EXPECT_EQ(send(gateway, 20, 0).accepted, 40);
  release.join();
}

}  // namespace
}  // namespace hailstorm::traffic

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>

#include "common/http/server.h"
#include "services/traffic/answer.h"
#include "services/traffic/answers_file.h"
#include "services/traffic/schedule.h"
#include "services/traffic/sender.h"
#include "services/traffic/settings.h"
#include "services/traffic/trips.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::traffic {
namespace {

using nlohmann::json;

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(ScheduleTest, AtARateRidesAreEvenlySpaced) {
  const auto schedule = Schedule::at_rate(200);
  EXPECT_EQ(schedule.due_us(0, 999), 0);
  EXPECT_EQ(schedule.due_us(10, 999), 50'000);
}

TEST(ScheduleTest, AtASpeedupTheTripsOwnClockRunsFaster) {
  const auto schedule = Schedule::at_speedup(60, 1'000);
  EXPECT_EQ(schedule.due_us(5, 61'000), 1'000'000);
  EXPECT_EQ(schedule.due_us(6, 0), 0) << "a trip before the first is due at once";
}

TEST(SettingsTest, EachMistakeIsNamedByItsFlag) {
  const auto complaint = [](const std::function<void(Settings&)>& mistake) {
    Settings settings;
    settings.out = "answers.jsonl";
    mistake(settings);
    const auto checked = settings.check_values();
    return checked.ok() ? std::string() : checked.error().message();
  };
  EXPECT_EQ(complaint([](Settings&) {}), "");
  const std::map<std::string, std::function<void(Settings&)>> mistakes = {
      {"--minutes at this --rate",
       [](Settings& s) {
         s.minutes = 24 * 60;
         s.rate = 100'000;
       }},
      {"--rate or --speedup", [](Settings& s) { s.rate = s.speedup = 5.0; }},
      {"--out", [](Settings& s) { s.out.clear(); }}};
  for (const auto& [flag, mistake] : mistakes) {
    EXPECT_NE(complaint(mistake).find(flag), std::string::npos) << complaint(mistake);
  }
}

TEST(AnswerTest, IsOneLineOfJson) {
  Answer answer;
  answer.act = "matching-killed";
  answer.lane = events::Lane::chain;
  answer.status = 502;
  answer.latency_ms = 12.3456789;
  answer.failed_hop = "matching";
  const json line = json::parse(to_line(answer));
  EXPECT_EQ(line.at("status"), 502);
  EXPECT_EQ(line.at("latency_ms"), 12.346);
  EXPECT_EQ(line.at("failed_hop"), "matching");
  EXPECT_EQ(failed_hop_of(R"({"status":502,"failed_hop":"payment"})"), "payment");
  EXPECT_EQ(failed_hop_of("no json"), "");
}

TEST(AnswersFileTest, EndsALineThatAnEarlierProcessLeftTorn) {
  const testing::TempFolder folder;
  const auto path = folder.path() / "answers.jsonl";
  std::ofstream(path) << "{\"torn\":";
  auto file = AnswersFile::open(path).value();
  file->append("{}");
  ASSERT_OK(file->close());
  EXPECT_EQ(lines_of(path), (std::vector<std::string>{"{\"torn\":", "{}"}));
}

TEST(TripSourceTest, TheBuiltInCityHasAnyNumberOfTrips) {
  const auto source = TripSource::open("none").value();
  EXPECT_EQ(json::parse(source.summary(40)).at("read"), 40);
  const auto later = source.trips(7, 10, 2);
  EXPECT_EQ(later.at(0).pickup, source.trip(7, 10).pickup);
}

TEST(TripSourceTest, AnyBytesInTheFilesNameAreFine) {
  const testing::TempFolder folder;
  const auto path = folder.path() / "b\xff.csv";
  std::ofstream(path) << "4/1/2014 0:11:00,40.1,-73.9,B\n";
  const auto source = TripSource::open(path.string());
  ASSERT_OK(source);
  EXPECT_EQ(json::parse(source->summary(1)).at("read"), 1);
}

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

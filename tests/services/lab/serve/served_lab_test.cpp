#include "tests/support/served_lab.h"

#include <csignal>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "services/lab/audit/answers.h"
#include "tests/support/await.h"

/// A whole lab, its riders, and its end.
namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;

int64_t number(lab::LabClient& client, const std::string& path) {
  const auto value = client.get("/api/value/" + path);
  return value.ok() ? static_cast<int64_t>(value->number().value_or(-1)) : -1;
}

/// The answers of all riders, by lane: how many each ride has.
std::map<events::Lane, std::map<int64_t, int>> rides_of(const fs::path& data) {
  std::map<events::Lane, std::map<int64_t, int>> rides;
  for (const auto& file : fs::directory_iterator(data / "traffic")) {
    if (file.path().extension() != ".jsonl") continue;
    for (const auto& one : lab::AnswerReader(file.path()).read_new()) {
      EXPECT_TRUE(one.accepted() || one.lane == events::Lane::chain) << one.status;
      ++rides[one.lane][one.index];
    }
  }
  return rides;
}

TEST(ServedLabTest, RidersChangeLiveAndNoRideIsLostOrDoubled) {
  const ServedLab served;
  auto client = served.client();
  const auto ride = [&client](double rate, const std::vector<std::string>& lanes) {
    const auto set = client.put("/api/traffic", {{"rate", rate}, {"lanes", lanes}});
    ASSERT_TRUE(set.ok()) << set.error().message();
    const int64_t before = *set->find("rides")->integer();
    if (rate == 0) return;
    ASSERT_TRUE(await([&] { return number(client, "traffic.rides") > before + 20; }));
  };
  ride(100, {"log", "chain"});
  ride(300, {"log"});
  ride(40, {"chain", "log"});
  ride(0, {"log"});
  ASSERT_TRUE(await([&] { return number(client, "traffic.running") == 0; }));
  const auto rides = rides_of(served.data());
  for (const auto& [lane, of_lane] : rides) {
    for (const auto& [index, count] : of_lane) EXPECT_EQ(count, 1) << name_of(lane) << index;
  }
  EXPECT_EQ(number(client, "traffic.rides"), std::ssize(rides.at(events::Lane::log)));
  const auto audit = client.get("/api/audit?within_s=30");
  ASSERT_TRUE(audit.ok()) << audit.error().message();
  const auto& log = *audit->find("log");
  EXPECT_EQ(*log.find("requested")->integer(), std::ssize(rides.at(events::Lane::log)));
  EXPECT_EQ(*log.find("settled")->integer(), *log.find("requested")->integer());
  for (const auto* member : {"lost", "duplicated", "orphaned"}) {
    EXPECT_EQ(*log.find(member)->integer(), 0) << json::to_text(*audit);
  }
  EXPECT_EQ(number(client, "audit.log.lost"), 0);
}

TEST(ServedLabTest, ALabThatIsKilledEndsAllThatItStarted) {
  ServedLab served;
  auto client = served.client();
  ASSERT_TRUE(client.put("/api/traffic", {{"rate", 20}}).ok());
  const auto pids = served.pids();
  ASSERT_EQ(pids.size(), 6U);
  const auto frozen = client.post(
      "/api/faults", {{"target", "payment"}, {"action", "freeze"}, {"duration", "10m"}});
  ASSERT_TRUE(frozen.ok()) << frozen.error().message();
  served.process().kill();
  for (const pid_t pid : pids) {
    EXPECT_TRUE(await([pid] { return ::kill(pid, 0) != 0; })) << pid << " outlives its platform";
  }
}

struct Kind {
  const char* target;
  const char* action;
  json::Value attributes = json::Value::object();
};

TEST(ServedLabTest, EveryKindOfFaultIsProvenAndNoRideIsLostByAnyOfThem) {
  const ServedLab served;
  auto client = served.client();
  ASSERT_TRUE(
      client.put("/api/traffic", {{"rate", 50}, {"lanes", std::vector<std::string>{"log"}}}).ok());
  ASSERT_TRUE(await([&] { return number(client, "traffic.rides") > 20; }));
  const std::vector<Kind> kinds = {
      {"payment", "kill"},
      {"notification", "restart"},
      {"analytics", "freeze"},
      {"matching", "slow", {{"share_percent", 20}}},
      {"payment", "store_lock"},
      {"broker", "power_cut"},
      {"payment:broker", "latency", {{"latency_ms", 50}, {"jitter_ms", 10}}},
      {"matching:broker", "bandwidth", {{"rate_kb_s", 10}}},
      {"notification:broker", "timeout"},
      {"analytics:broker", "reset_peer"},
      {"gateway:broker", "slicer", {{"average_size_bytes", 64}}},
      {"gateway:matching", "limit_data", {{"bytes", 1'000}}},
      {"ride_matched", "poison", {{"kind", "undecodable"}}},
      {"ride_requested", "duplicate", {{"last_s", 10}}},
      {"payment", "redeliver", {{"last_s", 10}}},
  };
  for (const auto& kind : kinds) {
    const auto fault = client.post("/api/faults", {{"target", kind.target},
                                                   {"action", kind.action},
                                                   {"duration", "500ms"},
                                                   {"attributes", kind.attributes}});
    ASSERT_TRUE(fault.ok()) << kind.action << ": " << fault.error().message();
    EXPECT_NE(*fault->find("proven_at_ms")->integer(), 0) << json::to_text(*fault);
    EXPECT_TRUE(await([&] { return number(client, "faults.on") == 0; })) << kind.action;
  }
  ASSERT_TRUE(client.put("/api/traffic", {{"rate", 0}}).ok());
  ASSERT_TRUE(await([&] { return number(client, "traffic.running") == 0; }));
  const auto audit = client.get("/api/audit?within_s=30");
  ASSERT_TRUE(audit.ok()) << audit.error().message();
  for (const auto* member : {"lost", "duplicated", "orphaned"}) {
    EXPECT_EQ(*audit->find("log")->find(member)->integer(), 0) << json::to_text(*audit);
  }
}

TEST(ServedLabTest, AProcessThatDiesByItselfComesBack) {
  const ServedLab served;
  auto client = served.client();
  const auto pid = number(client, "processes.payment.pid");
  ASSERT_GT(pid, 0);
  ASSERT_EQ(::kill(static_cast<pid_t>(pid), SIGKILL), 0);
  EXPECT_TRUE(await([&] {
    return number(client, "processes.payment.restarts") == 1 &&
           number(client, "processes.payment.ready") == 1;
  }));
}

TEST(ServedLabTest, ItsEndIsCleanAndItsDataStays) {
  ServedLab served;
  const auto pids = served.pids();
  served.process().terminate();
  EXPECT_EQ(served.process().wait(), 0);
  for (const pid_t pid : pids) EXPECT_NE(::kill(pid, 0), 0);
  EXPECT_NE(served.output().find("Everything is stopped"), std::string::npos);
  EXPECT_EQ(fs::status(served.token_file()).permissions() & fs::perms::all,
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST(ServedLabTest, TheApiIsUpWhileTheStoryRuns) {
  ServedLab served({"story", "--rides", "120", "--rate", "60", "--keep"});
  auto client = served.client();
  const auto refused = client.put("/api/traffic", {{"rate", 5}});
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message().find("the story"), std::string::npos);
  ASSERT_TRUE(await([&] { return served.output().find("Ctrl-C") != std::string::npos; },
                    std::chrono::minutes(2)));
  EXPECT_NE(served.output().find("Verdict: holds"), std::string::npos) << served.output();
  EXPECT_LT(served.output().find("Watch and break it: http://"), served.output().find("Act 1"));
  ASSERT_TRUE(await([&] { return number(client, "traffic.rides") > 10; })) << "nobody rides on";
  EXPECT_EQ(number(client, "traffic.rate"), 40);
  ASSERT_TRUE(client.put("/api/traffic", {{"rate", 50}}).ok());
  ASSERT_TRUE(await([&] { return number(client, "traffic.rides") > 10; }));
  served.process().interrupt();
  EXPECT_EQ(served.process().wait(), 0) << "the story's verdict, whatever was done after it";
  EXPECT_EQ(rides_of(served.data()).at(events::Lane::log).at(0), 1);
}

}  // namespace
}  // namespace hailstorm::testing

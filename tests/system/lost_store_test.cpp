#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <sstream>

#include "common/events/events.h"
#include "common/http/client.h"
#include "common/store/database.h"
#include "services/registry/services.h"
#include "tests/support/matchers.h"
#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kRides = 500;
constexpr double kPerSecond = 250;
constexpr int64_t kMidStream = 200;

const std::vector<std::string> kGroups = registry::names();

/// What can happen to the stores of services that are not running.
class Harm {
 public:
  Harm(Platform& platform, std::vector<std::string> services)
      : platform_(platform), services_(std::move(services)) {}

  void remove() {
    each([](const fs::path& file) { fs::remove(file); });
  }
  /// The write-ahead log stays.
  void empty() {
    for (const auto& service : services_) fs::resize_file(database(service), 0);
  }
  void keep_copy() {
    each([&](const fs::path& file) {
      if (fs::exists(file)) fs::copy(file, copies_.path() / file.filename());
    });
  }
  void put_copy_back() {
    remove();
    each([&](const fs::path& file) {
      const auto copy = copies_.path() / file.filename();
      if (fs::exists(copy)) fs::copy(copy, file);
    });
  }
  void cut_write_ahead_log() {
    for (const auto& service : services_) {
      const fs::path log = database(service).string() + "-wal";
      fs::resize_file(log, fs::file_size(log) / 2);
    }
  }
  void kill() {
    for (const auto& service : services_) platform_.kill(service);
  }
  void start() {
    for (const auto& service : services_) platform_.start(service);
  }

 private:
  [[nodiscard]] fs::path database(const std::string& service) const {
    return platform_.data() / service / (service + ".db");
  }
  void each(const std::function<void(const fs::path&)>& what) const {
    for (const auto& service : services_) {
      for (const char* ending : {"", "-wal", "-shm"}) what(database(service).string() + ending);
    }
  }

  Platform& platform_;
  const std::vector<std::string> services_;
  const TempFolder copies_;
};

/// Ride by ride, what the service's store says and what the log says.
using Outcomes = std::map<std::string, std::string>;

Outcomes outcomes_in_log(Platform& platform, const std::vector<std::string>& topics) {
  Outcomes outcomes;
  const auto admin = platform.log().make_admin();
  std::vector<log::Position> starts;
  int64_t count = 0;
  for (const auto& topic : admin->describe_topics(topics).value()) {
    for (const auto& partition : topic.partitions) {
      starts.push_back({{topic.name, partition.partition}, 0, {}});
      count += partition.high_watermark;
    }
  }
  const auto consumer = platform.log().make_consumer({});
  consumer->assign(starts);
  while (count > 0) {
    const auto records = consumer->poll(1'000);
    if (!records.ok()) continue;
    for (const auto& record : *records) {
      const auto event = events::decode(record, record.timestamp_ms);
      EXPECT_OK(event);
      if (!event.ok()) continue;
      // The first one counts for every reader.
      outcomes.emplace(event->ride_id(),
                       fmt::format("{} {}", record.topic, events::to_json(event->payload)));
    }
    count -= static_cast<int64_t>(records->size());
  }
  return outcomes;
}

/// Each ride's driver in matching's store is the one that the log names.
void expect_drivers_as_in_log(Platform& platform) {
  const auto logged = outcomes_in_log(platform, {"ride_matched", "ride_unmatched"});
  const auto db = store::Database::open(platform.data() / "matching" / "matching.db",
                                        store::Database::Mode::read_only)
                      .value();
  int64_t different = 0;
  int64_t rows = 0;
  ASSERT_OK(db->query("SELECT ride_id, outcome, coalesce(driver_id, reason) FROM matches", {},
                      [&](const store::Row& row) {
                        ++rows;
                        const auto said = logged.find(row.text(0));
                        const bool is_same =
                            said != logged.end() &&
                            said->second.starts_with("ride_" + row.text(1) + " ") &&
                            said->second.find('"' + row.text(2) + '"') != std::string::npos;
                        if (!is_same && different++ < 3) {
                          ADD_FAILURE() << row.text(0) << ": the store says " << row.text(2)
                                        << ", the log says "
                                        << (said == logged.end() ? "nothing" : said->second);
                        }
                      }));
  EXPECT_EQ(rows, static_cast<int64_t>(logged.size()));
  EXPECT_EQ(different, 0);
}

void expect_level(Platform& platform, int64_t rides) {
  for (const auto& name : kGroups) platform.wait_until_ready(name);
  platform.wait_until_settled();
  expect_all_settled(platform, rides);
  EXPECT_EQ(platform.number("payment", "SELECT coalesce(sum(amount_cents), 0) FROM ledger"), 0);
  expect_drivers_as_in_log(platform);
}

struct Loss {
  std::string name;
  std::vector<std::string> services;
};

class LostStoreTest : public ::testing::TestWithParam<Loss> {};

// Invariant 61.
// Invariants 61 and 62.
TEST_P(LostStoreTest, IsRebuiltFromTheLogUnderRiders) {
  Platform platform;
  Harm harm(platform, GetParam().services);
  platform.ride(kRides, kPerSecond);
  for (const auto& service : GetParam().services) platform.wait_for_events(service, kMidStream);
  harm.kill();
  harm.remove();
  harm.start();
  platform.wait_for_riders();
  expect_level(platform, kRides);
  for (const auto& service : GetParam().services) {
    EXPECT_NE(platform.log_of(service).find("is rebuilt from it"), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(Each, LostStoreTest,
                         ::testing::Values(Loss{"Payment", {"payment"}},
                                           Loss{"Matching", {"matching"}},
                                           Loss{"Notification", {"notification"}},
                                           Loss{"Analytics", {"analytics"}},
                                           Loss{"TwoOfFour", {"matching", "payment"}},
                                           Loss{"AllReactingServices", registry::reacting_names()}),
                         [](const auto& loss) { return loss.param.name; });

TEST(RebuildTest, GoesOnWhereItWasWhenItIsKilled) {
  Platform platform;
  const std::vector<std::string> services = {"matching", "payment"};
  Harm harm(platform, services);
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("matching", kMidStream);
  harm.kill();
  harm.remove();
  harm.start();
  for (const auto& service : services) {
    platform.wait_until(service + " is being rebuilt", [&] {
      return platform.log_of(service).find("is rebuilt from it") != std::string::npos;
    });
  }
  harm.kill();
  harm.start();
  platform.wait_for_riders();
  expect_level(platform, kRides);
}

class HarmedStoreTest : public ::testing::TestWithParam<std::string> {};

TEST_P(HarmedStoreTest, ThatIsEmptiedIsRebuiltFromTheLog) {
  Platform platform;
  Harm harm(platform, {GetParam()});
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events(GetParam(), kMidStream);
  harm.kill();
  harm.empty();
  harm.start();
  platform.wait_for_riders();
  expect_level(platform, kRides);
}

TEST_P(HarmedStoreTest, WhoseTablesWereEmptiedIsRebuiltFromTheLog) {
  Platform platform;
  Harm harm(platform, {GetParam()});
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events(GetParam(), kMidStream);
  harm.kill();
  const auto path = platform.data() / GetParam() / (GetParam() + ".db");
  const std::string tables =
      GetParam() == "payment" ? "payments ledger inbox outbox" : "matches inbox outbox";
  {
    const auto db = store::Database::open(path).value();
    std::istringstream names(tables);
    for (std::string table; names >> table;) ASSERT_OK(db->run_script("DELETE FROM " + table));
  }
  harm.start();
  platform.wait_for_riders();
  expect_level(platform, kRides);
}

TEST_P(HarmedStoreTest, ThatIsAnOlderCopyIsRebuiltFromTheLog) {
  Platform platform;
  Harm harm(platform, {GetParam()});
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events(GetParam(), kMidStream);
  harm.kill();
  harm.keep_copy();
  harm.start();
  platform.wait_for_events(GetParam(), kMidStream);
  harm.kill();
  harm.put_copy_back();
  harm.start();
  platform.wait_for_riders();
  expect_level(platform, kRides);
  EXPECT_NE(platform.log_of(GetParam()).find("is rebuilt from it"), std::string::npos);
}

TEST_P(HarmedStoreTest, WhoseWriteAheadLogWasCutIsRebuiltFromTheLog) {
  Platform platform;
  Harm harm(platform, {GetParam()});
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events(GetParam(), kMidStream);
  harm.kill();
  harm.cut_write_ahead_log();
  harm.start();
  platform.wait_for_riders();
  expect_level(platform, kRides);
}

INSTANTIATE_TEST_SUITE_P(Each, HarmedStoreTest, ::testing::Values("payment", "matching"),
                         [](const auto& service) { return service.param; });

// What was still in the gateway's outbox is lost with it; here that is empty.
TEST(LostGatewayTest, RidesThatAreInTheLogAreKnownAgainAndARetryMakesNoSecondOne) {
  Platform platform;
  Harm harm(platform, {"gateway"});
  platform.ride(kRides, kPerSecond);
  platform.wait_for_riders();
  platform.wait_until_settled();
  http::Client client({"127.0.0.1", platform.http_port("gateway")}, 5'000);
  const std::string ride =
      R"({"rider_id":"ann","pickup":{"lat":40.75,"lon":-73.99},)"
      R"("dropoff":{"lat":40.76,"lon":-73.98},"requested_at":"2014-04-01T00:11:00Z"})";
  const http::Headers headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "k1"}};
  const auto first = client.post("/rides", ride, headers);
  ASSERT_OK(first);
  ASSERT_EQ(first->status, 202);
  platform.wait_until_settled();
  const auto location = "/rides/" + events::ride_id_for("ann", "k1");
  const auto before = client.get(location);
  ASSERT_OK(before);

  harm.kill();
  harm.remove();
  harm.start();
  platform.wait_until_ready("gateway");
  platform.wait_until("the ride is known again", [&] {
    const auto view = client.get(location);
    return view.ok() && view->status == 200 && view->body == before->body;
  });
  const auto again = client.post("/rides", ride, headers);
  ASSERT_OK(again);
  EXPECT_EQ(again->status, 202);
  EXPECT_EQ(again->body, first->body);
  platform.wait_until_settled();
  EXPECT_EQ(platform.number("matching", "SELECT count(*) FROM matches"), kRides + 1);
  EXPECT_EQ(platform.number("gateway", "SELECT count(*) FROM rides"), kRides + 1);
}

/// A client says that the group has read everything.
void commit_to_the_end(Platform& platform, const std::string& group) {
  const auto admin = platform.log().make_admin();
  std::vector<log::Position> ends;
  for (const auto& one : admin->describe_group(group).value().partitions) {
    ends.push_back({one.id, one.high_watermark, {}});
  }
  platform.wait_until("the group has no members",
                      [&] { return admin->reset_offsets(group, ends).ok(); });
}

// Invariant 61.
// Invariant 61.
TEST(CommitTest, OneThatIsForgedAheadSkipsNothing) {
  Platform platform;
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("analytics", kMidStream);
  for (const auto& group : kGroups) {
    if (group != "gateway") platform.kill(group);
  }
  platform.wait_for_riders();
  platform.wait_until("all rides are in the log",
                      [&] { return platform.status("gateway", "outbox") == 0; });
  platform.kill("gateway");
  for (const auto& group : kGroups) commit_to_the_end(platform, group);
  for (const auto& group : kGroups) platform.start(group);
  expect_level(platform, kRides);
}

TEST(CommitTest, ThoseThatAreLostLeadToReadingAgain) {
  Platform platform;
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("analytics", kMidStream);
  const auto admin = platform.log().make_admin();
  for (const auto& group : kGroups) platform.kill(group);
  for (const auto& group : kGroups) {
    platform.wait_until("the group is gone", [&] { return admin->delete_group(group).ok(); });
  }
  for (const auto& group : kGroups) platform.start(group);
  platform.wait_for_riders();
  expect_level(platform, kRides);
}

}  // namespace
}  // namespace hailstorm::testing

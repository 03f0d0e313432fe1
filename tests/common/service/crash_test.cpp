#include <algorithm>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <mutex>
#include <set>
#include <sqlite3.h>

#include "common/service/apply_batch.h"
#include "common/service/relay.h"
#include "common/service/writer.h"
#include "tests/common/service/scripted_log.h"
#include "tests/common/service/service_fixture.h"

namespace hailstorm::service {
namespace {

constexpr int64_t kRides = 3;
constexpr int64_t kBatch = 2;

/// Before each statement that any connection runs, on its thread.
std::function<void()> before_statement;

int trace(unsigned, void*, void*, void*) {
  if (before_statement) before_statement();
  return 0;
}
int watch(sqlite3* db, char**, const sqlite3_api_routines*) {
  return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, &trace, nullptr);
}

/// One effect and one event for each ride.
class OneOfEach final : public Reactor {
 public:
  [[nodiscard]] std::vector<std::string> topics() const override { return {"ride_unmatched"}; }
  [[nodiscard]] Status react(const events::Event& event, store::Database& db,
                             Effects& effects) override {
    HAIL_RETURN_IF_ERROR(
        db.run("INSERT INTO effects(ride_id) VALUES(?)", {std::string_view(event.ride_id())}));
    return effects.publish(event);
  }
  void rolled_back() override {}
};

class CrashTest : public ServiceFixture {
 protected:
  CrashTest() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watch)); }
  ~CrashTest() override {
    before_statement = nullptr;
    sqlite3_reset_auto_extension();
  }

  /// What is left of a process that was killed: its files, and what the log knows.
  struct Remains {
    std::filesystem::path folder;
    int64_t committed = 0;
    std::vector<std::string> published;
  };

  static std::unique_ptr<store::Database> open_in(const std::filesystem::path& folder) {
    return store::Database::open((folder / "test.db").string()).value();
  }
  static log::ConsumedRecord record(int64_t offset) {
    auto encoded = events::encode(event("ride " + std::to_string(offset)));
    return {"ride_unmatched", 0, offset, 1, encoded.key, encoded.value, encoded.headers};
  }

  /// Handles what is not committed, a batch at a time, and publishes.
  static void live(const std::filesystem::path& folder, int64_t& committed, ScriptedLog& log) {
    const SystemClock clock;
    Metrics metrics;
    OneOfEach reactor;
    Writer writer(open_in(folder), {}, metrics, clock);
    while (committed < kRides) {
      std::vector<log::ConsumedRecord> batch;
      const int64_t end = std::min(committed + kBatch, kRides);
      for (int64_t offset = committed; offset < end; ++offset) batch.push_back(record(offset));
      ASSERT_OK(writer.submit([&](store::Database& db) {
        return apply_batch(batch, {"payment", true}, reactor, db);
      }));
      if (before_statement) before_statement();  // dies after COMMIT, before its offsets are known
      committed = end;
    }
    Relay relay(log, open_in(folder), (folder / "relay.lock").string(), writer, metrics, clock);
    relay.stop(5'000);
    while (relay.run_once()) {
    }
  }

  static void expect_each_once(const std::filesystem::path& folder, ScriptedLog& log) {
    const auto number = [db = open_in(folder)](const std::string& sql) {
      int64_t answer = -1;
      EXPECT_OK(db->query(sql, {}, [&](const store::Row& row) { answer = row.integer(0); }));
      return answer;
    };
    EXPECT_EQ(number("SELECT count(*) FROM effects"), kRides);
    EXPECT_EQ(number("SELECT count(DISTINCT ride_id) FROM effects"), kRides);
    EXPECT_EQ(number("SELECT count(*) FROM outbox"), 0);
    const auto published = log.taken();
    const std::set<std::string> once(published.begin(), published.end());
    EXPECT_EQ(std::ssize(once), kRides);
  }
};

// Invariant 41: a crash between any two statements is harmless: each event takes effect once, and
// what it publishes is published, perhaps twice.
TEST_F(CrashTest, BetweenAnyTwoStatementsLosesNothingAndDoublesNoEffect) {
  ScriptedLog log;
  int64_t committed = 0;
  std::mutex mutex;
  std::vector<Remains> all;
  before_statement = [&] {
    const std::lock_guard lock(mutex);
    const auto folder = folder_.path() / std::to_string(all.size());
    std::filesystem::create_directory(folder);
    for (const char* name : {"test.db", "test.db-wal"}) {
      if (std::filesystem::exists(path(name))) std::filesystem::copy(path(name), folder / name);
    }
    all.push_back({folder, committed, log.taken()});
  };
  live(folder_.path(), committed, log);
  before_statement = nullptr;
  expect_each_once(folder_.path(), log);
  EXPECT_EQ(std::ssize(log.taken()), kRides) << "without a crash nothing is published twice";

  EXPECT_GT(all.size(), 20U);
  for (Remains& remains : all) {
    SCOPED_TRACE("killed before step " + remains.folder.filename().string());
    ScriptedLog same_log(remains.published);
    live(remains.folder, remains.committed, same_log);
    expect_each_once(remains.folder, same_log);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace hailstorm::service

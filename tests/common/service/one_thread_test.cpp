#include <filesystem>
#include <gtest/gtest.h>
#include <memory>
#include <random>

#include "common/service/consumer_loop.h"
#include "common/service/log_positions.h"
#include "common/service/outbox.h"
#include "common/service/relay.h"
#include "common/service/upkeep.h"
#include "common/store/migrations.h"
#include "tests/common/service/memory_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::service {
namespace {

constexpr int kRides = 20;

/// Stores each ride that it reads, and publishes an event of the next type for it, if there is one.
class Step final : public Reactor {
 public:
  Step(std::string reads, std::string publishes)
      : reads_(std::move(reads)), publishes_(std::move(publishes)) {}
  std::vector<std::string> topics() const override { return {reads_}; }
  std::vector<std::string> publishes() const override {
    return publishes_.empty() ? std::vector<std::string>() : std::vector{publishes_};
  }
  Status react(const events::Event& event, store::Database& db, Effects& effects) override {
    HAIL_RETURN_IF_ERROR(
        db.run("INSERT INTO effects(ride_id) VALUES(?)", {std::string_view(event.ride_id())}));
    if (publishes_.empty()) return {};
    return effects.publish(events::make_event(
        "/test", event.time_ms, events::RideUnmatched{event.ride_id(), "rider", "no_driver"}));
  }

 private:
  const std::string reads_;
  const std::string publishes_;
};

/// The parts of one service, none of which has a thread.
class Parts {
 public:
  Parts(std::string name, const std::filesystem::path& folder, Step step, MemoryLog& log,
        const Clock& clock)
      : path_(folder / (name + ".db")),
        settings_(named(std::move(name))),
        step_(std::move(step)),
        writer_(open(), {}, metrics_, clock),
        relay_(log, open(), path_.string() + ".lock", writer_, metrics_, clock),
        upkeep_(
            log, step_, writer_, [this] { return oldest_outbox_row(*db_); }, health_, true, clock),
        loop_(log, settings_, writer_, step_, health_, metrics_, clock) {
    EXPECT_OK(store::migrate(
        *db_, {{"runtime", runtime_migrations()},
               {"log_positions", log_position_migrations()},
               {"test", {"CREATE TABLE effects(id INTEGER PRIMARY KEY, ride_id TEXT)"}}}));
  }

  /// One pass of one part. Gives how long that part may wait.
  int run_once(uint64_t which) {
    if (which % 3 == 0) return loop_.run_once();
    if (which % 3 == 1) return relay_.run_once().value_or(0);
    upkeep_.run_once();
    return 0;
  }
  int64_t number(const std::string& sql) {
    int64_t answer = -1;
    EXPECT_OK(db_->query(sql, {}, [&](const store::Row& row) { answer = row.integer(0); }));
    return answer;
  }

 private:
  static ServiceSettings named(std::string name) {
    ServiceSettings settings;
    settings.name = std::move(name);
    return settings;
  }
  [[nodiscard]] std::unique_ptr<store::Database> open() const {
    return store::Database::open(path_.string()).value();
  }
  const std::filesystem::path path_;
  std::unique_ptr<store::Database> db_ = open();
  ServiceSettings settings_;
  Step step_;
  Metrics metrics_;
  Health health_;
  Writer writer_;
  Relay relay_;
  Upkeep upkeep_;
  ConsumerLoop loop_;
};

/// Two services one after the other on a log that is away every now and then, all of it moved by
/// this thread, in an order that the seed draws. Gives what happened.
std::string run(uint64_t seed) {
  const testing::TempFolder folder;
  testing::FakeClock clock;
  MemoryLog log;
  Parts first("first", folder.path(), {"ride_matched", "ride_unmatched"}, log, clock);
  Parts second("second", folder.path(), {"ride_unmatched", ""}, log, clock);
  for (int i = 0; i < kRides; ++i) {
    const std::string ride = "ride-" + std::to_string(i);
    (void)log.append("ride_matched",
                     events::encode(events::make_event(
                         "/test", 1, events::RideMatched{ride, "rider", "d", 1, 2})));
  }
  std::mt19937_64 random(seed);
  std::string trace;
  const auto count = [](Parts& parts, const char* what) {
    return parts.number("SELECT count(" + std::string(what) + ") FROM effects");
  };
  for (int pass = 0; pass < 2'000 && count(second, "*") < kRides; ++pass) {
    log.is_away = random() % 4 == 0;
    Parts& parts = random() % 2 == 0 ? first : second;
    const int wait_ms = parts.run_once(random());
    clock.advance_ms(wait_ms / 2);
    trace += std::to_string(wait_ms) + " ";
  }
  for (Parts* parts : {&first, &second}) {
    EXPECT_EQ(count(*parts, "*"), kRides) << "seed " << seed;
    EXPECT_EQ(count(*parts, "DISTINCT ride_id"), kRides) << "seed " << seed;
  }
  return trace;
}

TEST(OneThreadTest, TwoServicesRunPassByPassAndTheSameSeedGivesTheSameTrace) {
  for (uint64_t seed = 1; seed <= 5; ++seed) EXPECT_EQ(run(seed), run(seed));
  EXPECT_NE(run(1), run(2));
}

}  // namespace
}  // namespace hailstorm::service

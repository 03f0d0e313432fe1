#include <mutex>
#include <thread>

#include "common/http/client.h"
#include "common/service/consumer_loop.h"
#include "tests/common/service/service_fixture.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"

namespace hailstorm::service {
namespace {

/// Counts each event once, in the store.
class StoringReactor final : public Reactor {
 public:
  std::vector<std::string> topics() const override {
    return {std::string(events::RideUnmatched::kType)};
  }
  Status react(const events::Event& event, store::Database& db, Effects&) override {
    return db.run("INSERT INTO effects(ride_id) VALUES(?)", {std::string_view(event.ride_id())});
  }
};

/// A service that reads one topic of small segments, of which the broker may drop the first ones.
class StoreRecoveryTest : public ServiceFixture {
 protected:
  StoreRecoveryTest() : engine_(log::open(broker_.url()).value()) {
    settings_.name = "test";
    settings_.broker = broker_.url();
    EXPECT_OK(engine_->make_admin(20'000)->create_topic(
        topic_, {.partitions = 1, .segment_bytes = 1024, .retention_bytes = 2048}));
  }
  void publish(int from, int count) {
    const auto producer = engine_->make_producer();
    for (int i = from; i < from + count; ++i) {
      ASSERT_OK(producer->send(topic_, events::encode(event("ride-" + std::to_string(i))), {}));
      ASSERT_OK(producer->flush(20'000));
    }
  }
  /// The broker drops old segments when it starts, among other times.
  void drop_old_segments() {
    broker_.stop();
    broker_.start();
    ASSERT_TRUE(testing::await([&] { return log_start() > 5; }));
  }
  int64_t log_start() {
    const auto topics = engine_->make_admin(20'000)->describe_topics({topic_});
    return topics.ok() ? topics->at(0).partitions.at(0).log_start_offset : -1;
  }
  /// Runs the loop until `is_enough`; what /readyz says of the store at the end.
  template <class Condition>
  std::string run_until(const Condition& is_enough) {
    Health health;
    StopSignal stop;
    Metrics metrics;
    Writer writer(open(), {}, metrics, clock_);
    writer.start();
    StoringReactor reactor;
    ConsumerLoop loop(*engine_, settings_, writer, reactor, health, metrics, clock_);
    std::thread thread([&] { loop.run(stop); });
    EXPECT_TRUE(testing::await([&] { return is_enough(health); }));
    const std::string trouble = health.readiness.why(Reason::recovery);
    stop.request();
    thread.join();
    return trouble;
  }
  std::string run_until_stored(int64_t rows) {
    return run_until([&](const auto&) { return rows_of("effects") == rows; });
  }
  void forget_everything() {
    for (const auto* table : {"effects", "inbox", "log_positions"}) {
      ASSERT_OK(db_->run_script("DELETE FROM " + std::string(table)));
    }
  }

  const std::string topic_ = std::string(events::RideUnmatched::kType);
  testing::BrokerProcess broker_;
  std::unique_ptr<log::Engine> engine_;
  ServiceSettings settings_;
};

// Invariant 63: what the log has no longer is never passed in silence.
TEST_F(StoreRecoveryTest, AnEmptyStoreNamesWhatTheLogHasNoLonger) {
  publish(0, 5);
  EXPECT_EQ(run_until_stored(5), "");
  publish(5, 20);
  drop_old_segments();
  forget_everything();
  const auto says = [&](const std::string& text) {
    return [text](const auto& health) {
      return health.readiness.why(Reason::recovery).find(text) != std::string::npos;
    };
  };
  const std::string missing =
      "ride_unmatched-0: offsets 0 to " + std::to_string(log_start() - 1) + ")";
  EXPECT_NE(run_until(says(missing)).find("--accept-missing-records"), std::string::npos);
  EXPECT_EQ(rows_of("effects"), 0);

  settings_.accept_missing_records = true;
  const int64_t left = 25 - log_start();
  (void)run_until_stored(left);
  settings_.accept_missing_records = false;
  publish(25, 1);
  EXPECT_EQ(run_until_stored(left + 1), "") << "the option is for one start";
}

// Invariant 63: also a service that was away for longer than the log reaches back.
TEST_F(StoreRecoveryTest, AStoreThatWasAwayTooLongNamesWhatTheLogHasNoLonger) {
  publish(0, 5);
  EXPECT_EQ(run_until_stored(5), "");
  publish(5, 30);
  drop_old_segments();
  const auto is_held = [](const auto& health) {
    return !health.readiness.why(Reason::recovery).empty();
  };
  EXPECT_NE(run_until(is_held).find("ride_unmatched-0: offsets 5 to "), std::string::npos);
  EXPECT_EQ(rows_of("effects"), 5);
}

TEST_F(StoreRecoveryTest, AServiceThatIsNewBeginsWhereTheLogDoes) {
  publish(0, 25);
  drop_old_segments();
  EXPECT_EQ(run_until_stored(25 - log_start()), "");
}

// Invariant 61.
TEST_F(StoreRecoveryTest, AStoreWithoutPositionsIsRebuiltWhateverTheGroupCommitted) {
  publish(0, 5);
  EXPECT_EQ(run_until_stored(5), "");
  forget_everything();
  const auto is_level = [&](const auto& health) {
    return rows_of("effects") == 5 && health.readiness.why(Reason::recovery).empty();
  };
  EXPECT_EQ(run_until(is_level), "");
}

// A database of a program before positions were kept: its inbox knows what it has.
TEST_F(StoreRecoveryTest, AStoreOfAnOlderProgramIsReadAgainAndAppliesNothingTwice) {
  publish(0, 5);
  EXPECT_EQ(run_until_stored(5), "");
  ASSERT_OK(db_->run_script("DELETE FROM log_positions"));
  publish(5, 2);
  EXPECT_EQ(run_until([&](const auto& health) {
              return rows_of("effects") == 7 && health.readiness.why(Reason::recovery).empty();
            }),
            "");
}

}  // namespace
}  // namespace hailstorm::service

#include "common/service/consumer_loop.h"

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "common/http/client.h"
#include "common/http/server.h"
#include "common/service/probes.h"
#include "tests/common/service/service_fixture.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"

namespace hailstorm::service {
namespace {

/// Fails always or never, and counts its calls.
class CountingReactor final : public Reactor {
 public:
  explicit CountingReactor(bool fails) : fails_(fails) {}
  std::vector<std::string> topics() const override { return {std::string(event("ride").type())}; }
  Status react(const events::Event&, store::Database&, Effects&) override {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
    if (fails_) return Error(ReactErrc::transient, "not now");
    return {};
  }
  [[nodiscard]] bool is_asked(int times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return count_ >= times; });
  }
  static events::Event event(const std::string& ride) {
    return events::make_event("/test", 1, events::RideUnmatched{ride, "rider", "no_driver"});
  }

 private:
  const bool fails_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

class ConsumerLoopTest : public ServiceFixture {
 protected:
  ConsumerLoopTest() : engine_(log::open(broker_.url()).value()) {
    settings_.name = "test";
    settings_.broker = broker_.url();
    writer_.start();
  }
  void publish(const std::string& ride) {
    const auto event = CountingReactor::event(ride);
    ASSERT_OK(engine_->make_admin(20'000)->create_topic(std::string(event.type()), {}));
    const auto producer = engine_->make_producer();
    bool is_written = false;
    ASSERT_OK(producer->send(std::string(event.type()), events::encode(event),
                             [&](const auto& delivery) { is_written = delivery.ok(); }));
    ASSERT_OK(producer->flush(20'000));
    ASSERT_TRUE(is_written);
  }
  /// Flips a bit of the first record of each partition of the events' topic; twice is none.
  void damage() {
    broker_.stop();
    for (const auto& entry : std::filesystem::directory_iterator(broker_.data())) {
      const auto log = entry.path() / "00000000000000000000.log";
      const std::string name = entry.path().filename();
      if (!name.starts_with("ride_unmatched-") || std::filesystem::file_size(log) == 0) continue;
      std::filesystem::remove(entry.path() / "checkpoint");
      std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(70);
      const int old = file.get();
      file.seekp(70);
      file.put(static_cast<char>(old ^ 1));
    }
    broker_.start_unready();
  }
  /// Runs a loop until the reactor was asked so often, or patience ends; false: the latter.
  bool run_until_asked(CountingReactor& reactor, int times) {
    Health health;
    StopSignal stop;
    ConsumerLoop loop(*engine_, settings_, writer_, reactor, health, metrics_, clock_);
    std::thread thread([&] { loop.run(stop); });
    const bool was_asked = reactor.is_asked(times);
    stop.request();
    thread.join();
    return was_asked;
  }

  testing::BrokerProcess broker_;
  std::unique_ptr<log::Engine> engine_;
  ServiceSettings settings_;
  Metrics metrics_;
  Writer writer_{open(), {}, metrics_, clock_};
};

// Invariant 38.
TEST_F(ConsumerLoopTest, OffsetsOfABatchThatFailedAreNotCommitted) {
  CountingReactor failing(true);
  CountingReactor working(false);
  publish("ride-1");
  ASSERT_TRUE(run_until_asked(failing, 3));
  EXPECT_EQ(rows_of("inbox"), 0);
  ASSERT_TRUE(run_until_asked(working, 1)) << "the event was passed over";
  EXPECT_EQ(rows_of("inbox"), 1);
}

TEST_F(ConsumerLoopTest, AClosedPartitionIsNamedByTheProbesUntilItIsOpenAgain) {
  publish("ride-1");
  damage();
  Health health;
  StopSignal stop;
  CountingReactor reactor(false);
  ConsumerLoop loop(*engine_, settings_, writer_, reactor, health, metrics_, clock_);
  http::Server server({});
  add_probes(server, "test", health, metrics_, {[] { return Result<int64_t>(0); }}, true);
  ASSERT_OK(server.start());
  http::Client client({"127.0.0.1", server.port()}, 20'000);
  const auto says = [&](const char* path, int status, const std::string& text) {
    return testing::await([&] {
      const auto answer = client.get(path);
      return answer.ok() && answer->status == status &&
             answer->body.find(text) != std::string::npos;
    });
  };
  std::thread thread([&] { loop.run(stop); });
  EXPECT_TRUE(says("/readyz", 503, "partition ride_unmatched-"));
  EXPECT_TRUE(says("/status", 200, R"("closed_partitions":[{"error":)"));
  EXPECT_TRUE(says("/metrics", 200, "hailstorm_closed_partitions 1"));
  damage();
  EXPECT_TRUE(reactor.is_asked(1));
  EXPECT_TRUE(says("/readyz", 200, "true"));
  EXPECT_TRUE(says("/status", 200, R"("closed_partitions":[])"));
  stop.request();
  thread.join();
  server.stop();
}

// A service must notice by itself that it waits for what nobody will write.
TEST_F(ConsumerLoopTest, ATopicThatIsDeletedIsMissing) {
  CountingReactor reactor(false);
  const std::string topic = reactor.topics().at(0);
  Health health;
  StopSignal stop;
  ConsumerLoop loop(*engine_, settings_, writer_, reactor, health, metrics_, clock_);
  std::thread thread([&] { loop.run(stop); });
  EXPECT_TRUE(testing::await([&] { return health.in_group.load(); }));
  EXPECT_TRUE(health.log_trouble.missing_topics().empty());
  const auto admin = engine_->make_admin(20'000);
  EXPECT_OK(admin->delete_topic(topic));
  EXPECT_TRUE(
      testing::await([&] { return health.log_trouble.missing_topics() == std::vector{topic}; }));
  EXPECT_OK(admin->create_topic(topic, {}));
  EXPECT_TRUE(testing::await([&] { return health.log_trouble.missing_topics().empty(); }));
  stop.request();
  thread.join();
}

}  // namespace
}  // namespace hailstorm::service

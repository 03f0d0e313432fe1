#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>
#include <set>
#include <string>

#include "common/log/log.h"
#include "tests/services/lab/agent/held_broker.h"
#include "tests/support/fake_clock.h"

namespace hailstorm::lab {
namespace {

using testing::await;
using ::testing::HasSubstr;

constexpr int64_t kLong = 600'000;
constexpr int32_t kPartitions = 2;

/// A broker that records its syncs, and a client that remembers what was acknowledged.
struct PowerCutTest : ::testing::Test {
  testing::FakeClock clock;
  HeldBroker broker{clock};
  std::unique_ptr<log::Engine> engine;
  std::unique_ptr<log::Producer> producer;
  std::mutex mutex;
  std::set<std::string> acknowledged;
  int sent = 0;

  void SetUp() override {
    broker.argv.insert(broker.argv.end(), {"--sync-record", broker.folder.path() / "syncs"});
    ASSERT_TRUE(broker.start());
    engine = *log::open(fmt::format("hailstorm://127.0.0.1:{}", broker.port));
    producer = engine->make_producer({.linger_ms = 1, .batch_bytes = 1'000});
  }
  void make_topic(bool flush_always) {
    log::TopicSettings settings;
    settings.partitions = kPartitions;
    settings.flush_always = flush_always;
    settings.flush_interval_ms = 60'000;
    settings.segment_bytes = 1 << 20;
    ASSERT_OK(engine->make_admin()->create_topic("rides", settings));
  }
  void produce(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string value = fmt::format("ride {}", sent++);
      ASSERT_OK(producer->send("rides", {.key = value, .value = value, .headers = {}},
                               [this, value](const Result<log::Delivery>& delivery) {
                                 const std::lock_guard lock(mutex);
                                 if (delivery.ok()) acknowledged.insert(value);
                               }));
    }
  }
  [[nodiscard]] std::set<std::string> read_all() {
    std::set<std::string> values;
    const auto topic = engine->make_admin()->describe_topics({"rides"});
    EXPECT_OK(topic);
    if (!topic.ok()) return values;
    int64_t records = 0;
    std::vector<log::Position> starts;
    for (const auto& partition : topic->front().partitions) {
      records += partition.high_watermark;
      starts.push_back({.id = {"rides", partition.partition}, .offset = 0});
    }
    const auto consumer = engine->make_consumer({});
    consumer->assign(starts);
    EXPECT_TRUE(await([&] {
      const auto polled = consumer->poll(100);
      if (!polled.ok()) return false;
      for (const auto& record : *polled) values.insert(record.value.value_or(""));
      records -= static_cast<int64_t>(polled->size());
      return records <= 0;
    }));
    return values;
  }
  [[nodiscard]] int lost_of_acknowledged() {
    const auto found = read_all();
    const std::lock_guard lock(mutex);
    int lost = 0;
    for (const auto& value : acknowledged) lost += found.contains(value) ? 0 : 1;
    return lost;
  }
  FaultState cut(uint64_t seed) {
    const auto fault = broker.ask(FaultAction::power_cut, kLong, json::Value::object(), seed);
    EXPECT_OK(fault);
    if (!fault.ok()) return {};
    EXPECT_EQ(fault->phase, FaultPhase::proven) << fault->evidence;
    EXPECT_EQ(broker.pid(), 0);
    clock.advance_ms(kLong);
    EXPECT_TRUE(broker.becomes(*fault, FaultPhase::proven_off))
        << broker.board.find(fault->request.id)->evidence;
    EXPECT_TRUE(await([this] { return broker.is_ready(); }));
    return *broker.board.find(fault->request.id);
  }
};

// Invariant 1, on a real broker.
TEST_F(PowerCutTest, WithFlushAlwaysNothingAcknowledgedIsLostByAnySeed) {
  make_topic(true);
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    produce(400);
    ASSERT_TRUE(await([&] {
      const std::lock_guard lock(mutex);
      return static_cast<int>(acknowledged.size()) > sent - 300;
    }));
    cut(seed);  // in the middle of what is being sent
    ASSERT_OK(producer->flush(30'000));
    ASSERT_EQ(static_cast<int>(acknowledged.size()), sent);
    ASSERT_EQ(lost_of_acknowledged(), 0) << "seed " << seed;
  }
}

TEST_F(PowerCutTest, WithFlushIntervalAcknowledgedRecordsAreLostAndTheLengthsSaySo) {
  make_topic(false);
  int lost = 0;
  for (uint64_t seed = 1; seed <= 6 && lost == 0; ++seed) {
    produce(400);
    ASSERT_OK(producer->flush(30'000));
    const auto fault = cut(seed);
    EXPECT_THAT(fault.evidence, HasSubstr("bytes cut off")) << json::to_text(fault.details);
    ASSERT_NE(fault.details.find("files"), nullptr);
    EXPECT_FALSE(fault.details.find("files")->elements()->empty());
    lost = lost_of_acknowledged();
  }
  EXPECT_GT(lost, 0);
}

TEST_F(PowerCutTest, AKillLosesNothingOfTheSame) {
  make_topic(false);
  produce(400);
  ASSERT_OK(producer->flush(30'000));
  const auto kill = broker.ask(FaultAction::kill, kLong);
  ASSERT_OK(kill);
  ASSERT_OK(broker.board.revert(kill->request.id));
  ASSERT_TRUE(await([this] { return broker.is_ready(); }));
  EXPECT_EQ(lost_of_acknowledged(), 0);
}

TEST_F(PowerCutTest, OfABrokerThatRecordsNoSyncsItIsRefused) {
  HeldBroker other(clock);
  ASSERT_TRUE(other.start());
  const auto refused = other.ask(FaultAction::power_cut, kLong);
  EXPECT_FAILS_WITH(refused, FaultErrc::not_possible);
  EXPECT_THAT(refused.error().message(), HasSubstr("--sync-record"));
  EXPECT_NE(other.pid(), 0);
}

}  // namespace
}  // namespace hailstorm::lab

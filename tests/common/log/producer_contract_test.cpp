#include <atomic>
#include <filesystem>
#include <latch>
#include <set>

#include "common/log/hailstorm/rpc_client.h"
#include "common/log/hailstorm/zmq_transport.h"
#include "common/wire/partitioner.h"
#include "tests/common/log/log_fixture.h"
#include "tests/support/pace.h"

namespace hailstorm::log {
namespace {

class ProducerContractTest : public LogFixture {};

TEST_F(ProducerContractTest, OptionsThatMakeNoSenseAreRefused) {
  const auto refused = [&](const ProducerOptions& options, const std::string& name) {
    const auto producer = engine_->make_producer(options);
    const auto sent = producer->send("rides", record("x"), {});
    ASSERT_FALSE(sent.ok()) << name;
    EXPECT_TRUE(sent.error().is(LogErrc::refused)) << name;
    EXPECT_NE(sent.error().message().find(name), std::string::npos) << sent.error().message();
    const std::vector<log::RecordView> views = {{std::nullopt, "x"}};
    EXPECT_FAILS_WITH(producer->send("rides", views, {}), LogErrc::refused);
  };
  refused({.linger_ms = -1}, "linger_ms");
  refused({.batch_bytes = 0}, "batch_bytes");
  refused({.max_unacknowledged_records = 0}, "max_unacknowledged_records");
  refused({.delivery_timeout_ms = 0}, "delivery_timeout_ms");
}

TEST_F(ProducerContractTest, ARecordComesBackAsItWas) {
  topic("rides", 1);
  const auto producer = engine_->make_producer();
  Deliveries deliveries;
  const std::string bytes("\0\xff\n", 3);
  const std::vector<Record> sent = {
      {.key = "k",
       .value = "v",
       .headers = {{"a", "1"}, {"a", ""}, {"a", std::nullopt}},
       .timestamp_ms = 1'700},
      {.key = "k", .value = std::nullopt, .headers = {}, .timestamp_ms = 1'800},
      {.key = std::nullopt, .value = "", .headers = {}, .timestamp_ms = 1'900},
      {.key = "", .value = bytes, .headers = {{bytes, bytes}}, .timestamp_ms = 2'000}};
  for (const Record& one : sent) ASSERT_OK(producer->send("rides", one, deliveries.callback()));
  ASSERT_OK(producer->flush(20'000));
  const auto consumer = reader({{{"rides", 0}, 0}});
  const auto read_back = read(*consumer, sent.size());
  for (size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(read_back[i].key, sent[i].key);
    EXPECT_EQ(read_back[i].value, sent[i].value);
    EXPECT_EQ(read_back[i].headers, sent[i].headers);
    EXPECT_EQ(read_back[i].timestamp_ms, sent[i].timestamp_ms);
    EXPECT_EQ(read_back[i].offset, deliveries.at(i)->offset);
  }
}

TEST_F(ProducerContractTest, WhatIsCompressedIsReadAsIfItWereNot) {
  topic("rides", 1);
  std::vector<std::string> sent;
  for (const auto codec : compression::kCodecs) {
    const auto producer = engine_->make_producer({.linger_ms = 50, .compression = codec});
    for (int i = 0; i < 200; ++i) {
      sent.push_back(std::string(compression::name_of(codec)) + " ride " + std::to_string(i));
      ASSERT_OK(producer->send("rides", record(sent.back()), {}));
    }
    ASSERT_OK(producer->flush(20'000));
  }
  const auto consumer = reader({{{"rides", 0}, 0}});
  const auto read_back = read(*consumer, sent.size());
  for (size_t i = 0; i < sent.size(); ++i) EXPECT_EQ(read_back[i].value, sent[i]);
  size_t bytes = 0;
  for (const auto& value : sent) bytes += value.size();
  const auto described = engine_->make_admin(20'000)->describe_topics({"rides"});
  ASSERT_OK(described);
  EXPECT_LT(described->at(0).partitions.at(0).size_bytes, static_cast<int64_t>(bytes / 2));
}

// Invariants 4 and 5: offsets are reported in order, and each is where its record is.
TEST_F(ProducerContractTest, EachPartitionKeepsTheOrderOfItsRecords) {
  topic("rides", 4);
  const auto producer = engine_->make_producer({.linger_ms = 0, .batch_bytes = 500});
  std::map<TopicPartition, std::vector<std::pair<int64_t, std::string>>> reported;
  for (int i = 0; i < 2'000; ++i) {
    const std::string value = std::to_string(i);
    ASSERT_OK(producer->send("rides", record(value, std::to_string(i % 50)),
                             [&reported, value](const Result<Delivery>& result) {
                               if (result.ok())
                                 reported[result->id].emplace_back(result->offset, value);
                             }));
  }
  ASSERT_OK(producer->flush(20'000));
  const auto consumer =
      reader({{{"rides", 0}, 0}, {{"rides", 1}, 0}, {{"rides", 2}, 0}, {{"rides", 3}, 0}});
  std::map<TopicPartition, std::vector<std::pair<int64_t, std::string>>> found;
  for (const auto& one : read(*consumer, 2'000)) {
    found[{one.topic, one.partition}].emplace_back(one.offset, *one.value);
  }
  EXPECT_EQ(found, reported);
  EXPECT_EQ(found.size(), 4U);
  for (const auto& [id, records] : found) {
    for (size_t i = 1; i < records.size(); ++i) {
      ASSERT_EQ(records[i].first, records[i - 1].first + 1);
      ASSERT_LT(std::stoi(records[i - 1].second), std::stoi(records[i].second));
    }
  }
}

// Invariants 2, 18, 19 and 45: a broker that is killed again and again costs nothing and doubles
// nothing.
TEST_F(ProducerContractTest, KillingTheBrokerLosesNothingAndDoublesNothing) {
  constexpr int kRecords = 20'000;
  constexpr int kKills = 4;
  topic("rides", 1);
  const auto producer = engine_->make_producer(
      {.linger_ms = 1, .batch_bytes = 4'000, .max_unacknowledged_records = 500});
  Deliveries deliveries;
  std::thread sender([&] {
    for (int i = 0; i < kRecords; ++i) {
      EXPECT_OK(producer->send("rides", record(std::to_string(i)), deliveries.callback()));
    }
  });
  for (int kill = 1; kill <= kKills; ++kill) {
    EXPECT_TRUE(deliveries.await_count(static_cast<size_t>(kRecords * kill / (kKills + 1))));
    broker_.kill();
    broker_.start();
  }
  sender.join();
  ASSERT_OK(producer->flush(30'000));
  deliveries.expect_all_ok();
  ASSERT_EQ(deliveries.count(), static_cast<size_t>(kRecords));
  const auto end = admin_->offsets_at({{"rides", 0}}, kLatest);
  ASSERT_OK(end);
  EXPECT_EQ(end->positions.at(0).offset, kRecords);
  const auto consumer = reader({{{"rides", 0}, 0}});
  const auto all = values(read(*consumer, kRecords));
  ASSERT_EQ(all.size(), static_cast<size_t>(kRecords));
  for (int i = 0; i < kRecords; ++i) ASSERT_EQ(all[static_cast<size_t>(i)], std::to_string(i));
}

TEST_F(ProducerContractTest, ManyRecordsAtOnceArriveInOrderAndAreAllAnsweredFor) {
  topic("rides", 1);
  const auto producer =
      engine_->make_producer({.batch_bytes = 2'000, .max_unacknowledged_records = 300});
  std::vector<std::string> sent;
  std::vector<RecordView> views;
  for (int i = 0; i < 2'000; ++i) sent.push_back(std::to_string(i));
  for (const std::string& value : sent) {
    const bool keyed = views.size() % 100 == 7;
    views.push_back({keyed ? std::optional<std::string_view>("k") : std::nullopt, value, -1});
  }
  std::mutex mutex;
  int64_t next = 0;
  const auto answered = [&](const Result<Delivery>& result, int64_t count) {
    const std::lock_guard lock(mutex);
    ASSERT_OK(result);
    EXPECT_EQ(result->offset, next);
    next += count;
  };
  ASSERT_OK(producer->send("rides", views, answered));
  ASSERT_OK(producer->flush(20'000));
  EXPECT_EQ(next, 2'000);
  const auto consumer = reader({{{"rides", 0}, 0}});
  EXPECT_EQ(values(read(*consumer, sent.size())), sent);
}

TEST_F(ProducerContractTest, SendWaitsWhileTooMuchIsUnacknowledged) {
  topic("rides", 1);
  const auto producer = engine_->make_producer({.max_unacknowledged_records = 10});
  Deliveries deliveries;
  broker_.kill();
  std::atomic<int> sent = 0;
  std::thread sender([&] {
    for (int i = 0; i < 25; ++i) {
      EXPECT_OK(producer->send("rides", record("x"), deliveries.callback()));
      ++sent;
    }
  });
  EXPECT_TRUE(await([&] { return sent == 10; }));
  testing::pace(std::chrono::milliseconds(100));  // the time in which nothing may be sent
  EXPECT_EQ(sent, 10);
  broker_.start();
  sender.join();
  ASSERT_OK(producer->flush(20'000));
  EXPECT_EQ(deliveries.count(), 25U);
}

// Invariant 26.
TEST_F(ProducerContractTest, WithoutAnAnswerInTimeTheOutcomeIsUnknown) {
  topic("rides", 1);
  const auto producer = engine_->make_producer({.delivery_timeout_ms = 300});
  Deliveries first;
  broker_.kill();
  ASSERT_OK(producer->send("rides", record("lost"), first.callback()));
  ASSERT_TRUE(first.await_count(1));
  EXPECT_FAILS_WITH(first.at(0), LogErrc::unknown_outcome);
  EXPECT_OK(producer->flush(0));
}

// Invariant 26: it was sent, and perhaps written. Records after it are delivered.
TEST_F(ProducerContractTest, ABrokerThatStoppedForAWhileCostsNoLaterRecord) {
  topic("rides", 1);
  const auto producer = engine_->make_producer({.delivery_timeout_ms = 1'000});
  Deliveries before;
  ASSERT_OK(producer->send("rides", record("before"), before.callback()));
  ASSERT_OK(producer->flush(20'000));
  broker_.freeze();
  Deliveries during;
  ASSERT_OK(producer->send("rides", record("during"), during.callback()));
  const bool is_reported = during.await_count(1);
  broker_.thaw();
  ASSERT_TRUE(is_reported);
  EXPECT_FAILS_WITH(during.at(0), LogErrc::unknown_outcome);
  EXPECT_TRUE(await([&] {
    Deliveries after;
    if (!producer->send("rides", record("after"), after.callback()).ok()) return false;
    return producer->flush(20'000).ok() && after.at(0).ok();
  }));
  const auto end = admin_->offsets_at({{"rides", 0}}, kLatest);
  ASSERT_OK(end);
  const auto consumer = reader({{{"rides", 0}, 0}});
  const auto all = values(read(*consumer, static_cast<size_t>(end->positions.at(0).offset)));
  EXPECT_EQ(std::count(all.begin(), all.end(), "before"), 1);
  EXPECT_LE(std::count(all.begin(), all.end(), "during"), 1);
  EXPECT_GE(std::count(all.begin(), all.end(), "after"), 1);
}

// One of the callers that wait takes the answers. The others must go on at once, too.
TEST_F(ProducerContractTest, OfTwoCallersThatWaitEachGoesOnWhenItsOwnRecordsAreAnswered) {
  topic("rides", 1);
  const auto producer = engine_->make_producer({.max_unacknowledged_records = 2});
  Deliveries deliveries;
  ASSERT_OK(producer->send("rides", record("first"), {}));
  ASSERT_OK(producer->flush(20'000));
  broker_.freeze();
  EXPECT_OK(producer->send("rides", record("second"), deliveries.callback()));
  EXPECT_OK(producer->send("nowhere", record("takes some time"), deliveries.callback()));
  std::latch waits(1);
  auto all = std::async(std::launch::async, [&] {
    waits.count_down();
    return producer->flush(20'000);
  });
  waits.wait();
  auto room = std::async(std::launch::async, [&] {
    const Status sent = producer->send("rides", record("third"), {});
    EXPECT_EQ(deliveries.count(), 1U) << "waited for the record that takes some time";
    return sent;
  });
  broker_.thaw();
  EXPECT_OK(room.get());
  EXPECT_OK(all.get());
  EXPECT_EQ(deliveries.count(), 2U);
}

// Invariant 22: under the epoch of the producer that took its place, its records would count as
// that producer's.
TEST_F(ProducerContractTest, AFencedProducerGoesOnUnderAnIdOfItsOwn) {
  topic("rides", 1);
  const auto transport = hail::make_zmq_transport(Address{"127.0.0.1", broker_.port()});
  const SystemClock clock;
  const hail::Environment environment{*transport, clock, {}};
  hail::RpcClient broker(environment, 20'000);
  const auto take_id = [&](int64_t id, int16_t epoch) {
    const auto reply =
        broker.call(wire::InitProducerIdRequest{id, epoch}, hail::RpcClient::Repeat::harmless);
    EXPECT_OK(reply);
    return reply->producer_id;
  };
  const int64_t first = take_id(-1, -1);
  const auto producer = engine_->make_producer();
  Deliveries deliveries;
  ASSERT_OK(producer->send("rides", record("before"), deliveries.callback()));
  ASSERT_OK(producer->flush(20'000));
  EXPECT_EQ(take_id(first + 1, 0), first + 1);  // the producer's
  ASSERT_OK(producer->send("rides", record("after"), deliveries.callback()));
  ASSERT_OK(producer->flush(20'000));
  deliveries.expect_all_ok();
  EXPECT_EQ(take_id(-1, -1), first + 3) << "it has taken one more";
}

// Invariant 21: what is refused takes a new epoch, but not from under what is still unanswered.
TEST_F(ProducerContractTest, ARefusedRecordDoesNotDisturbOtherPartitions) {
  constexpr size_t kRecords = 200;
  topic("rides", 1);
  topic("events", 1);
  const auto producer = engine_->make_producer({.linger_ms = 0});
  Deliveries good, bad;
  std::vector<std::string> sent;
  Record from_the_future = record("x");
  from_the_future.timestamp_ms = INT64_MAX;
  while (sent.size() < kRecords) {
    sent.push_back(std::to_string(sent.size()));
    ASSERT_OK(producer->send("rides", record(sent.back()), good.callback()));
    ASSERT_OK(producer->send("events", from_the_future, bad.callback()));
  }
  ASSERT_OK(producer->flush(20'000));
  good.expect_all_ok();
  for (size_t i = 0; i < kRecords; ++i) EXPECT_FAILS_WITH(bad.at(i), LogErrc::refused);
  EXPECT_EQ(admin_->offsets_at({{"rides", 0}}, kLatest)->positions.at(0).offset, int64_t{kRecords});
  const auto consumer = reader({{{"rides", 0}, 0}});
  EXPECT_EQ(values(read(*consumer, kRecords)), sent);
}

TEST_F(ProducerContractTest, RecordsUnansweredWhenTheProducerIsDestroyedHaveAnUnknownOutcome) {
  topic("rides", 1);
  broker_.kill();
  Deliveries deliveries;
  {
    const auto producer = engine_->make_producer();
    ASSERT_OK(producer->send("rides", record("x"), deliveries.callback()));
    EXPECT_FAILS_WITH(producer->flush(1), LogErrc::unknown_outcome);
  }
  ASSERT_EQ(deliveries.count(), 1U);
  EXPECT_FAILS_WITH(deliveries.at(0), LogErrc::unknown_outcome);
}

}  // namespace
}  // namespace hailstorm::log

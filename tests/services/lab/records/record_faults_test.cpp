#include "services/lab/faults/records/record_faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/check.h"
#include "common/events/events.h"
#include "common/log/log.h"
#include "services/lab/faults/fault_board.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
#include "tests/support/rides.h"

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;

/// Three events in a topic, which a group has read, and a board with the faults of records.
class RecordFaultsTest : public ::testing::Test {
 protected:
  static constexpr const char* kTopic = "ride_requested";

  RecordFaultsTest() {
    log::TopicSettings settings;
    settings.partitions = 2;
    for (const char* topic : {kTopic, "dead_letter", "empty"})
      HAIL_CHECK(admin_->create_topic(topic, settings).ok());
    const auto producer = engine_->make_producer();
    for (const char* id : {"one", "two", "three"}) {
      const auto event = testing::event(testing::ride(id));
      HAIL_CHECK(producer->send(kTopic, events::encode(event), {}).ok());
    }
    HAIL_CHECK(producer->flush(10'000).ok());
    log::ConsumerOptions options;
    options.group = "payment";
    consumer_ = engine_->make_consumer(options);
    consumer_->subscribe({kTopic});
    read_until(3);
  }
  static std::unique_ptr<log::Engine> opened(const std::string& url) {
    auto engine = log::open(url);
    HAIL_CHECK(engine.ok());
    return std::move(engine).value();
  }
  void read_once() {
    const auto polled = consumer_->poll(20);
    if (!polled.ok()) return;
    std::vector<log::Position> positions;
    for (const auto& record : *polled) {
      ++times_read_[record.value.value_or("")];
      ++read_;
      positions.push_back({{record.topic, record.partition}, record.offset + 1, record.topic_id});
    }
    if (!positions.empty()) consumer_->commit_soon(positions);
  }
  void read_until(int count) {
    EXPECT_TRUE(testing::await([&] {
      read_once();
      return read_ >= count;
    })) << read_;
    EXPECT_TRUE(testing::await([&] {
      read_once();
      return lag() == 0;
    }));
  }
  int64_t lag() {
    const auto group = admin_->describe_group("payment");
    int64_t lag = group.ok() ? 0 : -1;
    if (group.ok())
      for (const auto& one : group->partitions) lag += one.lag;
    return lag;
  }
  static FaultRequest request(FaultAction action, const std::string& target,
                              json::Value attributes = json::Value::object()) {
    FaultRequest request;
    request.action = action;
    request.target = target;
    request.duration_ms = 60'000;
    request.attributes = std::move(attributes);
    return request;
  }
  void expect_refused(const FaultRequest& request, FaultErrc code, const std::string& why) {
    const auto state = board_.ask(request);
    EXPECT_FAILS_WITH(state, code);
    EXPECT_THAT(state.error().message(), HasSubstr(why));
  }
  /// Reverts it; the group reads on meanwhile.
  void expect_proven_off(const FaultState& state) {
    (void)board_.revert(state.request.id);
    EXPECT_TRUE(testing::await([&] {
      read_once();
      return board_.find(state.request.id)->phase == FaultPhase::proven_off;
    })) << board_.find(state.request.id)->evidence;
  }

  testing::BrokerProcess broker_;
  SystemClock clock_;
  std::unique_ptr<log::Engine> engine_ = opened(broker_.url());
  std::unique_ptr<log::Admin> admin_ = engine_->make_admin(20'000);
  std::unique_ptr<log::Consumer> consumer_;
  std::map<std::string, int> times_read_;
  int read_ = 0;
  FaultBoard board_{{record_fault_maker(broker_.url())}, clock_};
};

TEST_F(RecordFaultsTest, DuplicatedEventsComeOnceMoreWithTheirOwnIds) {
  const auto state = board_.ask(request(FaultAction::duplicate, kTopic, {{"last_s", 60}}));
  ASSERT_OK(state);
  EXPECT_EQ(state->phase, FaultPhase::proven) << state->evidence;
  EXPECT_EQ(*state->details.find("events")->integer(), 3);
  expect_proven_off(*state);
  EXPECT_EQ(times_read_.size(), 3U);
  for (const auto& [value, times] : times_read_) EXPECT_EQ(times, 2) << value;
}

TEST_F(RecordFaultsTest, ARedeliveredGroupReadsTheSameOffsetsAgain) {
  const auto state = board_.ask(request(FaultAction::redeliver, "payment", {{"last_s", 60}}));
  ASSERT_OK(state);
  EXPECT_EQ(state->phase, FaultPhase::proven) << state->evidence;
  EXPECT_EQ(*state->details.find("records")->integer(), 3);
  EXPECT_EQ(*state->details.find("rides")->integer(), 3);
  expect_proven_off(*state);
  EXPECT_EQ(read_, 6);
}

TEST_F(RecordFaultsTest, PoisonLiesWhereItsEvidenceSays) {
  for (const char* kind : {"undecodable", "impossible"}) {
    const auto state = board_.ask(request(FaultAction::poison, kTopic, {{"kind", kind}}));
    ASSERT_OK(state);
    EXPECT_EQ(state->phase, FaultPhase::proven) << state->evidence;
    const auto partition = static_cast<int32_t>(*state->details.find("partition")->integer());
    const auto reader = engine_->make_consumer({});
    reader->assign({{{kTopic, partition}, *state->details.find("offset")->integer(), {}}});
    bool is_seen = false;
    EXPECT_TRUE(testing::await([&] {
      const auto polled = reader->poll(100);
      if (!polled.ok() || polled->empty()) return false;
      const log::ConsumedRecord& record = polled->front();
      EXPECT_FALSE(events::decode(record, clock_.wall_ms()).ok()) << kind;
      is_seen = true;
      return true;
    }));
    EXPECT_TRUE(is_seen);
    (void)board_.revert(state->request.id);
  }
}

TEST_F(RecordFaultsTest, WhatCannotBeDoneIsRefusedByName) {
  expect_refused(request(FaultAction::poison, "nowhere"), FaultErrc::unknown_target, "nowhere");
  expect_refused(request(FaultAction::redeliver, "nobody"), FaultErrc::unknown_target, "nobody");
  expect_refused(request(FaultAction::duplicate, "empty"), FaultErrc::not_possible, "no event");
  expect_refused(request(FaultAction::poison, "empty", {{"kind", "impossible"}}),
                 FaultErrc::not_possible, "empty");
  expect_refused(request(FaultAction::poison, kTopic, {{"kind", "strange"}}),
                 FaultErrc::bad_request, "kind");
  expect_refused(request(FaultAction::redeliver, "payment", {{"last_s", 0}}),
                 FaultErrc::bad_request, "last_s");
  expect_refused(request(FaultAction::duplicate, kTopic, {{"last_ms", 5}}), FaultErrc::bad_request,
                 "last_ms");
  expect_refused(request(FaultAction::freeze, "payment"), FaultErrc::unknown_target, "payment");
}

}  // namespace
}  // namespace hailstorm::lab

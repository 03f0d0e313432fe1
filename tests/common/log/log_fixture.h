#pragma once

#include <chrono>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/log/log.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"

namespace hailstorm::log {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using hailstorm::testing::await;

/// What became of records. Thread safety: safe.
class Deliveries {
 public:
  DeliveryCallback callback() {
    return [this](const Result<Delivery>& result) {
      const std::lock_guard lock(mutex_);
      all_.push_back(result);
    };
  }
  [[nodiscard]] Result<Delivery> at(size_t number) const {
    const std::lock_guard lock(mutex_);
    return all_.at(number);
  }
  [[nodiscard]] size_t count() const {
    const std::lock_guard lock(mutex_);
    return all_.size();
  }
  void expect_all_ok() const {
    for (size_t i = 0; i < count(); ++i) ASSERT_OK(at(i));
  }
  [[nodiscard]] bool await_count(size_t count) const {
    return await([&] { return this->count() >= count; });
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Result<Delivery>> all_;
};

/// The client against a real broker of its own. Thread safety: not safe.
class LogFixture : public ::testing::Test {
 protected:
  LogFixture() {
    auto opened = open(broker_.url());
    HAIL_CHECK(opened.ok());
    engine_ = std::move(opened).value();
    admin_ = engine_->make_admin(20'000);
  }

  void topic(const std::string& name, int32_t partitions) {
    TopicSettings settings;
    settings.partitions = partitions;
    ASSERT_OK(admin_->create_topic(name, settings));
  }
  /// Values without keys, and all of them are there when this returns.
  void produce(const std::vector<std::string>& values, const std::string& to = "rides") {
    const auto producer = engine_->make_producer();
    Deliveries deliveries;
    for (const std::string& value : values) {
      ASSERT_OK(producer->send(to, record(value), deliveries.callback()));
    }
    ASSERT_OK(producer->flush(20'000));
    deliveries.expect_all_ok();
  }
  static Record record(std::string value, std::optional<std::string> key = std::nullopt) {
    return {.key = std::move(key), .value = std::move(value), .headers = {}};
  }

  std::unique_ptr<Consumer> reader(const std::vector<Position>& positions,
                                   OffsetReset reset = OffsetReset::earliest) {
    ConsumerOptions options;
    options.reset = reset;
    auto consumer = engine_->make_consumer(options);
    consumer->assign(positions);
    return consumer;
  }
  ConsumerOptions member_options(const std::string& instance = "") {
    ConsumerOptions options;
    options.group = "payment";
    options.instance_id = instance;
    options.session_timeout_ms = 2'000;
    return options;
  }
  std::unique_ptr<Consumer> member(const ConsumerOptions& options,
                                   RebalanceListener listener = {}) {
    auto consumer = engine_->make_consumer(options);
    consumer->subscribe({"rides"}, std::move(listener));
    return consumer;
  }

  /// Polls until `count` records came; a loss of the connection meanwhile is no error.
  static std::vector<ConsumedRecord> read(Consumer& consumer, size_t count) {
    std::vector<ConsumedRecord> all;
    const bool enough = await([&] {
      auto polled = consumer.poll(100);
      if (!polled.ok()) {
        EXPECT_TRUE(polled.error().is(LogErrc::unavailable)) << polled.error().message();
        return false;
      }
      for (auto& one : *polled) all.push_back(std::move(one));
      return all.size() >= count;
    });
    EXPECT_TRUE(enough) << all.size() << " records instead of " << count;
    return all;
  }
  static std::vector<std::string> values(const std::vector<ConsumedRecord>& records) {
    std::vector<std::string> all;
    for (const auto& one : records) all.push_back(one.value.value_or("null"));
    return all;
  }
  static std::vector<Position> after(const std::vector<ConsumedRecord>& records) {
    std::map<TopicPartition, Position> positions;
    for (const auto& one : records) {
      const TopicPartition id{one.topic, one.partition};
      positions[id] = {id, one.offset + 1, one.topic_id};
    }
    std::vector<Position> all;
    for (const auto& [id, position] : positions) all.push_back(position);
    return all;
  }

  testing::BrokerProcess broker_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Admin> admin_;
};

}  // namespace hailstorm::log

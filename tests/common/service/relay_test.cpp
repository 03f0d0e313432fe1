#include "common/service/relay.h"

#include <condition_variable>
#include <gtest/gtest.h>
#include <mutex>

#include "tests/common/service/service_fixture.h"

namespace hailstorm::service {
namespace {

/// A log that keeps what it was sent, and answers as the test says.
class ScriptedLog final : public log::Engine {
 public:
  class Sender final : public log::Producer {
   public:
    explicit Sender(ScriptedLog& owner) : owner_(owner) {}
    [[nodiscard]] Status send(const std::string& topic, log::Record record,
                              log::DeliveryCallback done) override {
      const bool fails = owner_.take(topic, record);
      if (fails) {
        done(Error(log::LogErrc::unknown_outcome, "no answer came"));
      } else {
        done(log::Delivery{{topic, 0}, 1});
      }
      return {};
    }
    [[nodiscard]] Status send(const std::string&, std::span<const log::RecordView>,
                              const log::BatchCallback&) override {
      return Error(log::LogErrc::refused, "the relay sends rows one by one");
    }
    [[nodiscard]] Status flush(int) override { return {}; }

   private:
    ScriptedLog& owner_;
  };

  std::unique_ptr<log::Producer> make_producer(log::ProducerOptions) override {
    return std::make_unique<Sender>(*this);
  }
  std::unique_ptr<log::Consumer> make_consumer(log::ConsumerOptions) override { return nullptr; }
  std::unique_ptr<log::Admin> make_admin(int) override { return nullptr; }

  void fail_next(int sends) {
    const std::lock_guard lock(mutex_);
    failures_left_ = sends;
  }
  /// Waits until so many records were taken.
  std::vector<std::string> wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return taken_.size() >= count; }));
    return taken_;
  }

 private:
  bool take(const std::string& topic, const log::Record& record) {
    const std::lock_guard lock(mutex_);
    if (failures_left_ > 0) {
      --failures_left_;
      return true;
    }
    taken_.push_back(topic + ":" + record.value.value_or(""));
    changed_.notify_all();
    return false;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> taken_;
  int failures_left_ = 0;
};

class RelayTest : public ServiceFixture {
 protected:
  void publish(const std::string& value) {
    ASSERT_OK(writer_.submit([&](store::Database& db) {
      return Outbox(db).publish("t", log::Record{std::nullopt, value, {}, -1});
    }));
  }
  std::unique_ptr<Relay> start_relay() {
    auto relay = std::make_unique<Relay>(log_, open(), path("relay.lock"), writer_, metrics_);
    relay->start();
    return relay;
  }

  Metrics metrics_;
  ScriptedLog log_;
  Writer writer_{open(), {}, metrics_};
};

TEST_F(RelayTest, PublishesInOrderAndEmptiesTheOutbox) {
  for (const char* value : {"1", "2", "3"}) publish(value);
  auto relay = start_relay();
  EXPECT_EQ(log_.wait_for(3), (std::vector<std::string>{"t:1", "t:2", "t:3"}));
  relay->stop(5000);
  EXPECT_EQ(rows_of("outbox"), 0);
}

TEST_F(RelayTest, WhatTheLogDidNotTakeIsSentAgain) {
  log_.fail_next(2);
  for (const char* value : {"1", "2", "3"}) publish(value);
  auto relay = start_relay();
  // The third may come twice: sent behind the failing ones, and once more after them.
  const auto taken = log_.wait_for(4);
  EXPECT_EQ(taken, (std::vector<std::string>{"t:3", "t:1", "t:2", "t:3"}));
  relay->stop(5000);
  EXPECT_EQ(rows_of("outbox"), 0);
}

TEST_F(RelayTest, RowsThatComeLaterAreFoundWithoutAWord) {
  auto relay = start_relay();
  publish("late");
  EXPECT_EQ(log_.wait_for(1), std::vector<std::string>{"t:late"});
}

TEST_F(RelayTest, TheNextHolderTakesOverWhenTheFirstIsGone) {
  auto first = start_relay();
  publish("1");
  (void)log_.wait_for(1);
  auto second = start_relay();
  first.reset();
  publish("2");
  EXPECT_EQ(log_.wait_for(2).back(), "t:2");
}

}  // namespace
}  // namespace hailstorm::service

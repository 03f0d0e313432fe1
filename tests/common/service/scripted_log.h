#pragma once

#include <chrono>
#include <condition_variable>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/log/log.h"

namespace hailstorm::service {

/// A log that keeps what it was sent, and answers as the test says.
///
/// Thread safety: safe.
class ScriptedLog final : public log::Engine {
 public:
  /// `taken`: what it has already.
  explicit ScriptedLog(std::vector<std::string> taken = {}) : taken_(std::move(taken)) {}

  class Sender final : public log::Producer {
   public:
    explicit Sender(ScriptedLog& owner) : owner_(owner) {}
    [[nodiscard]] Status send(const std::string& topic, log::Record record,
                              log::DeliveryCallback done) override {
      if (auto failure = owner_.take(topic, record)) {
        done(*std::move(failure));
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
    std::optional<int32_t> partition_of(const std::string&, std::string_view key) override {
      return partition_for(key);
    }

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
  /// What records of this topic and partition are answered with from now on; nothing: they are
  /// taken. A key begins with the digit of its partition.
  void answer_with(const log::TopicPartition& partition, std::optional<Error> failure) {
    const std::lock_guard lock(mutex_);
    failures_.erase(partition);
    if (failure) failures_.emplace(partition, *std::move(failure));
  }
  /// Waits until so many records were taken.
  std::vector<std::string> wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return taken_.size() >= count; }));
    return taken_;
  }
  [[nodiscard]] std::vector<std::string> taken() {
    const std::lock_guard lock(mutex_);
    return taken_;
  }

 private:
  static int32_t partition_for(std::string_view key) { return key.front() - '0'; }

  /// Why the record is not taken; nothing: it is.
  std::optional<Error> take(const std::string& topic, const log::Record& record) {
    const std::lock_guard lock(mutex_);
    if (failures_left_ > 0) {
      --failures_left_;
      return Error(log::LogErrc::unknown_outcome, "no answer came");
    }
    const int32_t partition = record.key ? partition_for(*record.key) : 0;
    const auto failure = failures_.find({topic, partition});
    if (failure != failures_.end()) return failure->second;
    taken_.push_back(topic + ":" + record.value.value_or(""));
    changed_.notify_all();
    return std::nullopt;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> taken_;
  int failures_left_ = 0;
  std::map<log::TopicPartition, Error> failures_;
};

}  // namespace hailstorm::service

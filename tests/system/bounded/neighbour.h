#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/check.h"
#include "common/log/log.h"
#include "tests/support/pace.h"

namespace hailstorm::testing {

/// A well-behaved producer and a well-behaved consumer beside the others: one record after the
/// other is written to a topic of its own, acknowledged, read by a member of a group and committed,
/// before the next; it takes the time.
///
/// Thread safety: not safe.
class Neighbour {
 public:
  explicit Neighbour(log::Engine& engine)
      : producer_(engine.make_producer({.linger_ms = 0})), consumer_(make_consumer(engine)) {
    go_round();  // known, connected, and a member of its group
    waits_ms_.clear();
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  /// How long its records took beside the others. The median says whether it was served; the
  /// slowest ones say how busy the machine was.
  struct Waits {
    double median_ms = 0;
    double max_ms = 0;
    size_t count = 0;
  };
  /// Ends its work.
  Waits stop() {
    thread_.request_stop();
    thread_.join();
    HAIL_CHECK(!waits_ms_.empty());
    std::sort(waits_ms_.begin(), waits_ms_.end());
    return {waits_ms_[waits_ms_.size() / 2], waits_ms_.back(), waits_ms_.size()};
  }

 private:
  static std::unique_ptr<log::Consumer> make_consumer(log::Engine& engine) {
    log::ConsumerOptions options;
    options.group = "neighbour";
    auto consumer = engine.make_consumer(std::move(options));
    consumer->subscribe({"neighbour"});
    return consumer;
  }

  void go_round() {
    const auto start = std::chrono::steady_clock::now();
    log::Record record;
    record.value = std::to_string(++written_) + std::string(500, ' ');
    const auto note_offset = [this](const auto& written) {
      if (written.ok() && first_offset_ < 0) first_offset_ = written->offset;
    };
    HAIL_CHECK(producer_->send("neighbour", std::move(record), note_offset).ok());
    HAIL_CHECK(producer_->flush(60'000).ok());
    while (read_ < written_) {
      HAIL_CHECK(std::chrono::steady_clock::now() - start < std::chrono::minutes(1));
      const auto polled = consumer_->poll(1'000);
      if (!polled.ok()) continue;
      for (const auto& one : *polled) {
        if (one.offset < first_offset_) continue;  // another neighbour wrote it, before this one
        const int64_t number = one.value ? std::stoll(*one.value) : 0;
        if (number != ++read_)
          std::cerr << "record " << number << " came where " << read_ << " should, at offset "
                    << one.offset << "\n";
        HAIL_CHECK(number == read_);  // none lost, none twice
        consumer_->commit_soon({{{one.topic, one.partition}, one.offset + 1, one.topic_id}});
      }
    }
    const std::chrono::duration<double, std::milli> wait = std::chrono::steady_clock::now() - start;
    waits_ms_.push_back(wait.count());
  }

  void run(const std::stop_token& stop) {
    do {
      go_round();
      pace(std::chrono::milliseconds(5));
    } while (!stop.stop_requested());
  }

  std::unique_ptr<log::Producer> producer_;
  std::unique_ptr<log::Consumer> consumer_;
  int64_t written_ = 0;
  int64_t read_ = 0;
  std::atomic<int64_t> first_offset_ = -1;  // of its own records
  std::vector<double> waits_ms_;
  std::jthread thread_;
};

}  // namespace hailstorm::testing

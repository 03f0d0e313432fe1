#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/base/check.h"
#include "common/log/log.h"

namespace hailstorm::testing {

/// A well-behaved client beside the others: writes one record after the other to a topic of its
/// own, each acknowledged before the next, and takes the time.
///
/// Thread safety: not safe.
class Neighbour {
 public:
  explicit Neighbour(log::Engine& engine) : producer_(engine.make_producer({.linger_ms = 0})) {
    write();  // it is known and connected before the others come
    waits_ms_.clear();
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  /// Ends its work. How long the slowest but one in a hundred waited; and how many there were.
  struct Waits {
    double p99_ms = 0;
    size_t count = 0;
  };
  Waits stop() {
    thread_.request_stop();
    thread_.join();
    if (waits_ms_.empty()) return {};
    std::sort(waits_ms_.begin(), waits_ms_.end());
    return {waits_ms_[waits_ms_.size() * 99 / 100], waits_ms_.size()};
  }

 private:
  void write() {
    const auto start = std::chrono::steady_clock::now();
    log::Record record;
    record.value = "well-behaved";
    HAIL_CHECK(producer_->send("neighbour", std::move(record), {}).ok());
    HAIL_CHECK(producer_->flush(60'000).ok());
    const std::chrono::duration<double, std::milli> wait = std::chrono::steady_clock::now() - start;
    waits_ms_.push_back(wait.count());
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      write();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  std::unique_ptr<log::Producer> producer_;
  std::vector<double> waits_ms_;
  std::jthread thread_;
};

}  // namespace hailstorm::testing

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
    write();  // known and connected
    waits_ms_.clear();
    // Before the others come.
    for (int i = 0; i < kAlone; ++i) write();
    alone_ms_ = p99_ms();
    waits_ms_.clear();
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  /// Ends its work. How long the slowest but one in a hundred waited, beside the others and before
  /// they came; and how many there were beside them.
  struct Waits {
    double p99_ms = 0;
    double alone_ms = 0;
    size_t count = 0;
  };
  Waits stop() {
    thread_.request_stop();
    thread_.join();
    if (waits_ms_.empty()) return {};
    return {p99_ms(), alone_ms_, waits_ms_.size()};
  }

 private:
  static constexpr int kAlone = 100;

  double p99_ms() {
    std::sort(waits_ms_.begin(), waits_ms_.end());
    return waits_ms_[waits_ms_.size() * 99 / 100];
  }

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
  double alone_ms_ = 0;
  std::jthread thread_;
};

}  // namespace hailstorm::testing

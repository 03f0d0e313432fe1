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
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  /// How long its records waited beside the others. The median says whether it was served; the
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
    do {
      write();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    } while (!stop.stop_requested());
  }

  std::unique_ptr<log::Producer> producer_;
  std::vector<double> waits_ms_;
  std::jthread thread_;
};

}  // namespace hailstorm::testing

#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hailstorm::http {

/// Threads that are started when there is work and no idle one, up to a limit; above it work waits.
///
/// Thread safety: safe.
class GrowingThreadPool {
 public:
  explicit GrowingThreadPool(size_t max_threads) : max_threads_(max_threads) {}
  ~GrowingThreadPool() { shutdown(); }

  void enqueue(std::function<void()> job);
  /// Runs what was enqueued, then ends the threads.
  void shutdown();

 private:
  void work();

  const size_t max_threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::thread> threads_;
  size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace hailstorm::http

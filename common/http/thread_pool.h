#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace hailstorm::http {

/// Threads that are started when there is work and no idle one, up to a limit; above it work waits.
/// As many as were not needed for a while end, and give their stacks back; one stays.
///
/// Thread safety: safe.
class GrowingThreadPool {
 public:
  explicit GrowingThreadPool(size_t max_threads, int while_ms = 2'000)
      : max_threads_(max_threads), while_(while_ms) {}
  ~GrowingThreadPool() { shutdown(); }

  void enqueue(std::function<void()> job);
  /// Runs what was enqueued, then ends the threads.
  void shutdown();
  [[nodiscard]] size_t threads();

 private:
  void work();

  void join_ended();
  bool is_needless();

  const size_t max_threads_;
  const std::chrono::milliseconds while_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::map<std::thread::id, std::thread> threads_;
  std::vector<std::thread> ended_;  // only to be joined
  size_t idle_ = 0;
  size_t least_idle_ = 0;  // since while_began_
  size_t needless_ = 0;    // so many may end
  std::chrono::steady_clock::time_point while_began_ = std::chrono::steady_clock::now();
  bool stopping_ = false;
};

}  // namespace hailstorm::http

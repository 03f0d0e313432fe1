#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

namespace hailstorm {

/// Threads that are started when there is work and no idle one, up to a limit; above it work waits.
/// Threads that were not needed for a while end, and give their stacks back; one stays.
///
/// Thread safety: safe.
class GrowingThreadPool {
 public:
  using MakeThread = std::function<std::thread(std::function<void()>)>;

  /// `make_thread` throws where it cannot.
  explicit GrowingThreadPool(
      size_t max_threads, int while_ms = 2'000,
      MakeThread make_thread =
          [](std::function<void()> work) { return std::thread(std::move(work)); })
      : max_threads_(max_threads), while_(while_ms), make_thread_(std::move(make_thread)) {}
  ~GrowingThreadPool() { shutdown(); }

  /// False, and the job is dropped: there is no thread, and none can be made. Otherwise the job
  /// waits for a thread.
  bool enqueue(std::function<void()> job);
  /// Runs what was enqueued, then ends the threads.
  void shutdown();
  [[nodiscard]] size_t threads();

 private:
  using Threads = std::list<std::thread>;

  void work(Threads::iterator self);
  bool add_thread();
  void join_ended();
  bool is_needless();

  const size_t max_threads_;
  const std::chrono::milliseconds while_;
  const MakeThread make_thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  Threads threads_;
  Threads ended_;  // only to be joined
  size_t idle_ = 0;
  size_t least_idle_ = 0;  // since while_began_
  size_t needless_ = 0;    // so many threads may end
  std::chrono::steady_clock::time_point while_began_ = std::chrono::steady_clock::now();
  bool stopping_ = false;
};

}  // namespace hailstorm

#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace hailstorm::service {

/// Calls one pass of a loop after the other on a thread of its own. The passes themselves know no
/// thread, so that a test can call them too.
///
/// Thread safety: wake() may be called from any thread, the others by the thread that made it.
class LoopThread {
 public:
  /// Gives for how many milliseconds the next pass may wait; nothing: this was the last one.
  using Pass = std::function<std::optional<int>()>;

  LoopThread() = default;
  ~LoopThread();  // REQUIRES: the last pass is over or about to come
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  /// The first pass comes after `first_wait_ms`. A second call changes nothing.
  void start(Pass pass, int first_wait_ms = 0);
  /// The next pass waits no longer.
  void wake();
  /// Until the last pass is over; returns at once where there never was a first.
  void join();

 private:
  void run(const Pass& pass, int first_wait_ms);
  void wait(int timeout_ms);

  std::mutex mutex_;
  std::condition_variable woken_changed_;
  bool woken_ = false;
  std::thread thread_;
};

}  // namespace hailstorm::service

#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace hailstorm::lab {

/// A thread that looks at something again and again.
///
/// Thread safety: made and ended by one thread.
class WatchThread {
 public:
  /// Calls `look` at once and then every `pace`, until it gives false.
  WatchThread(std::chrono::duration<double> pace, std::function<bool()> look);
  ~WatchThread() { end(); }
  WatchThread(const WatchThread&) = delete;
  WatchThread& operator=(const WatchThread&) = delete;

  /// The look under way is the last one. May be called twice.
  void end();

 private:
  void watch();
  [[nodiscard]] bool wait_for_next();

  const std::chrono::duration<double> pace_;
  const std::function<bool()> look_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_ended_ = false;  // protected by mutex_
  std::thread thread_;     // last: it uses all of the above
};

}  // namespace hailstorm::lab

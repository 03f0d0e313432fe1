#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace hailstorm::lab {

/// The one thread that owns some data: it runs all work on that data, and `tick` after each work
/// and at least once each `tick_every`.
///
/// Thread safety: safe.
class OwnerThread {
 public:
  OwnerThread(std::chrono::milliseconds tick_every, std::function<void()> tick);
  /// Runs the work that waits, then ends the thread.
  ~OwnerThread();
  OwnerThread(const OwnerThread&) = delete;
  OwnerThread& operator=(const OwnerThread&) = delete;

  /// Runs `work` on the owner thread; gives what it gives.
  template <class F>
  auto run(F work) -> decltype(work()) {
    // Shared: the thread may still be leaving the task when the caller has its result.
    auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
    auto result = task->get_future();
    add([task] { (*task)(); });
    return result.get();
  }

 private:
  void add(std::function<void()> work);
  void loop();

  const std::chrono::milliseconds tick_every_;
  const std::function<void()> tick_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool stop_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace hailstorm::lab

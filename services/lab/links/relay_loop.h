#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <sys/epoll.h>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "services/lab/links/byte_queue.h"
#include "services/lab/links/socket.h"

namespace hailstorm::lab {

/// What the loop calls when a socket is ready, or when its time has come.
struct LoopSource {
  virtual ~LoopSource() = default;
  /// `events`: EPOLLIN and so on.
  virtual void on_events(uint32_t events) = 0;
};
struct LoopTimer {
  virtual ~LoopTimer() = default;
  virtual void on_time(int64_t now_us) = 0;

  int64_t due_us = kNeverUs;  // set by the loop
};

/// The one thread's loop of all links: sockets, timers, and what other threads want done.
///
/// Thread safety: post() and run() from any thread; all else on the loop's thread.
class RelayLoop {
 public:
  /// `clock` must remain live while this is in use. Its steady time must go on as the machine's.
  explicit RelayLoop(const Clock& clock);
  ~RelayLoop();
  RelayLoop(const RelayLoop&) = delete;
  RelayLoop& operator=(const RelayLoop&) = delete;

  /// Does `work` on the loop's thread, soon. After the loop's end it is dropped.
  void post(std::function<void()> work);
  /// The same, and gives what it gives. REQUIRES: the loop goes on.
  template <class F>
  auto run(F work) -> decltype(work()) {
    auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
    auto result = task->get_future();
    post([task] { (*task)(); });
    return result.get();
  }

  /// Waits for what comes next, and handles it.
  void pass();

  void watch(int fd, uint32_t events, LoopSource& source);
  void change(int fd, uint32_t events, LoopSource& source);
  void unwatch(int fd);
  /// on_time() is called once then; kNeverUs: it is not.
  void call_at(LoopTimer& timer, int64_t due_us);

  [[nodiscard]] int64_t now_us() const { return clock_.steady_us(); }
  /// For bytes that one source receives and hands on; until the next one runs.
  [[nodiscard]] std::span<char> space() { return space_; }

 private:
  [[nodiscard]] int wait();
  void run_posted();
  void run_timers();

  const Clock& clock_;
  const Socket epoll_;
  const Socket wake_;
  std::array<epoll_event, 128> events_{};
  std::vector<char> space_;
  std::set<std::pair<int64_t, LoopTimer*>> timers_;
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
};

}  // namespace hailstorm::lab

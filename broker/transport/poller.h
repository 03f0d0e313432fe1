#pragma once

#include <cstdint>
#include <vector>

namespace hailstorm::broker {

/// What happens when a watched descriptor has an event.
///
/// Thread safety: as that of the poller.
class PollHandler {
 public:
  virtual ~PollHandler() = default;
  /// `key`: as it was given to Poller::watch(). `events`: as of epoll_wait(2).
  virtual void on_event(uint64_t key, uint32_t events) = 0;
};

/// Waits for all descriptors of the broker's thread at once (epoll).
///
/// Thread safety: not safe, but for wake().
class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  static constexpr uint64_t kKeysPerHandler = uint64_t{1} << 56;

  /// Gives the handler its own range of keys: kKeysPerHandler from the returned one on. It must
  /// remain live while its descriptors are watched.
  [[nodiscard]] uint64_t add(PollHandler& handler);
  /// Events of `fd` go to the handler that has `key`, until the descriptor is closed. `events`: as
  /// of epoll_ctl(2). False: errno has the reason.
  [[nodiscard]] bool watch(int fd, uint32_t events, uint64_t key) const;

  /// Waits until a descriptor has an event, or wake() was called, or `timeout_ms` passed; then
  /// calls the handlers.
  void wait(int timeout_ms);
  /// Ends wait(). May be called from any thread.
  void wake();

 private:
  int wake_fd_;
  int epoll_fd_;
  std::vector<PollHandler*> handlers_;
};

}  // namespace hailstorm::broker

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/epoll.h>
#include <unistd.h>

namespace hailstorm::http {

/// An epoll instance.
///
/// Thread safety: not safe.
class Epoll {
 public:
  Epoll() : fd_(::epoll_create1(EPOLL_CLOEXEC)) {}
  ~Epoll() {
    if (fd_ >= 0) ::close(fd_);
  }
  Epoll(const Epoll&) = delete;
  Epoll& operator=(const Epoll&) = delete;

  /// False: `errno` of its making said why.
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  /// False: `errno` says why.
  [[nodiscard]] bool watch(int fd, uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    return ::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) == 0;
  }
  void unwatch(int fd) { ::epoll_ctl(fd_, EPOLL_CTL_DEL, fd, nullptr); }
  /// The next events, which live until the next call; -1: waits without end.
  [[nodiscard]] std::span<const epoll_event> wait(int timeout_ms) {
    const int count =
        ::epoll_wait(fd_, events_.data(), static_cast<int>(events_.size()), timeout_ms);
    return {events_.data(), static_cast<size_t>(count < 0 ? 0 : count)};
  }

 private:
  const int fd_;
  std::array<epoll_event, 256> events_{};
};

}  // namespace hailstorm::http

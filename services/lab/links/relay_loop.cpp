#include "services/lab/links/relay_loop.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/check.h"

namespace hailstorm::lab {

RelayLoop::RelayLoop(const Clock& clock)
    : clock_(clock),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      space_(ByteQueue::kMostBytes) {
  HAIL_CHECK(epoll_.is_open() && wake_.is_open());
  epoll_event event{};
  event.events = EPOLLIN;
  HAIL_CHECK(::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, wake_.fd(), &event) == 0);
}

RelayLoop::~RelayLoop() = default;

void RelayLoop::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(work));
  }
  const uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.fd(), &one, sizeof one);
}

void RelayLoop::watch(int fd, uint32_t events, LoopSource& source) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &source;
  ::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, fd, &event);
}

void RelayLoop::change(int fd, uint32_t events, LoopSource& source) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &source;
  ::epoll_ctl(epoll_.fd(), EPOLL_CTL_MOD, fd, &event);
}

void RelayLoop::unwatch(int fd) { ::epoll_ctl(epoll_.fd(), EPOLL_CTL_DEL, fd, nullptr); }

void RelayLoop::call_at(LoopTimer& timer, int64_t due_us) {
  if (timer.due_us == due_us) return;
  if (timer.due_us != kNeverUs) timers_.erase({timer.due_us, &timer});
  timer.due_us = due_us;
  if (due_us != kNeverUs) timers_.insert({due_us, &timer});
}

/// A delay of 200 µs must not become one of a whole millisecond.
int RelayLoop::wait() {
  const int size = static_cast<int>(events_.size());
  if (timers_.empty()) return ::epoll_wait(epoll_.fd(), events_.data(), size, -1);
  const int64_t left_us = std::max<int64_t>(0, timers_.begin()->first - now_us());
  timespec timeout{};
  timeout.tv_sec = left_us / 1'000'000;
  timeout.tv_nsec = left_us % 1'000'000 * 1'000;
  const int count = ::epoll_pwait2(epoll_.fd(), events_.data(), size, &timeout, nullptr);
  if (count >= 0 || errno != ENOSYS) return count;
  const auto left_ms = std::min<int64_t>(left_us / 1'000 + 1, 1'000);  // a kernel before 5.11
  return ::epoll_wait(epoll_.fd(), events_.data(), size, static_cast<int>(left_ms));
}

void RelayLoop::pass() {
  const int count = wait();
  for (int i = 0; i < count; ++i) {
    const auto& event = events_[static_cast<size_t>(i)];
    auto* const source = static_cast<LoopSource*>(event.data.ptr);
    if (source != nullptr) source->on_events(event.events);
  }
  run_timers();
  run_posted();
}

void RelayLoop::run_timers() {
  if (timers_.empty()) return;
  const int64_t now = now_us();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    LoopTimer& timer = *timers_.begin()->second;
    call_at(timer, kNeverUs);
    timer.on_time(now);
  }
}

void RelayLoop::run_posted() {
  std::vector<std::function<void()>> work;
  {
    const std::lock_guard lock(mutex_);
    if (posted_.empty()) return;
    work.swap(posted_);
    uint64_t count = 0;
    [[maybe_unused]] const auto drained = ::read(wake_.fd(), &count, sizeof count);
  }
  for (const auto& one : work) one();
}

}  // namespace hailstorm::lab

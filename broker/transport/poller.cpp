#include "broker/transport/poller.h"

#include <array>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/check.h"

namespace hailstorm::broker {
namespace {

constexpr uint64_t kWakeKey = 0;  // of no handler: theirs begin at kKeysPerHandler
constexpr size_t kMostHandlers = UINT64_MAX / Poller::kKeysPerHandler;

}  // namespace

Poller::Poller()
    : wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      epoll_fd_(::epoll_create1(EPOLL_CLOEXEC)) {
  HAIL_CHECK(wake_fd_ >= 0 && epoll_fd_ >= 0);
  HAIL_CHECK(watch(wake_fd_, EPOLLIN, kWakeKey));
}

Poller::~Poller() {
  ::close(epoll_fd_);
  ::close(wake_fd_);
}

uint64_t Poller::add(PollHandler& handler) {
  handlers_.push_back(&handler);
  HAIL_CHECK(handlers_.size() <= kMostHandlers);
  return handlers_.size() * kKeysPerHandler;
}

bool Poller::watch(int fd, uint32_t events, uint64_t key) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key;
  return ::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Poller::wait(int timeout_ms) {
  std::array<epoll_event, 256> events;
  const int count =
      ::epoll_wait(epoll_fd_, events.data(), static_cast<int>(events.size()), timeout_ms);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    if (event.data.u64 == kWakeKey) {
      uint64_t drained = 0;
      [[maybe_unused]] const auto size = ::read(wake_fd_, &drained, sizeof drained);
    } else {
      const auto handler = static_cast<size_t>(event.data.u64 / kKeysPerHandler);
      handlers_[handler - 1]->on_event(event.data.u64, event.events);
    }
  }
}

void Poller::wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

}  // namespace hailstorm::broker

#include "common/base/stop_signal.h"

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "common/base/check.h"

namespace hailstorm {

struct StopSignal::Impl {
  Impl() = default;
  ~Impl() {
    if (signal_fd >= 0) ::close(signal_fd);
    if (wake_fd >= 0) ::close(wake_fd);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  std::atomic<bool> requested{false};
  std::atomic<int> signal{SIGINT};
  int signal_fd = -1;
  int wake_fd = -1;
  std::thread watcher;

  void request(int by) noexcept {
    {
      const std::lock_guard lock(mutex);
      if (!requested) signal.store(by);
      requested.store(true);
    }
    changed.notify_all();
  }

  void watch() {
    pollfd fds[2] = {{signal_fd, POLLIN, 0}, {wake_fd, POLLIN, 0}};
    while (::poll(fds, 2, -1) < 0 && errno == EINTR) {
    }
    signalfd_siginfo came{};
    if ((fds[0].revents & POLLIN) == 0 || ::read(signal_fd, &came, sizeof came) != sizeof came)
      return;
    request(static_cast<int>(came.ssi_signo));
  }
};

StopSignal::StopSignal() : impl_(std::make_unique<Impl>()) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  HAIL_CHECK(::pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0);
  impl_->signal_fd = ::signalfd(-1, &signals, SFD_CLOEXEC);
  impl_->wake_fd = ::eventfd(0, EFD_CLOEXEC);
  if (impl_->signal_fd < 0 || impl_->wake_fd < 0)
    throw std::system_error(errno, std::generic_category(), "no descriptor for signals");
  impl_->watcher = std::thread([impl = impl_.get()] { impl->watch(); });
}

StopSignal::~StopSignal() {
  const uint64_t one = 1;
  HAIL_CHECK(::write(impl_->wake_fd, &one, sizeof one) == sizeof one);
  impl_->watcher.join();
}

bool StopSignal::requested() const noexcept { return impl_->requested.load(); }
void StopSignal::request() noexcept { impl_->request(SIGINT); }
int StopSignal::signal() const noexcept { return impl_->signal.load(); }

void StopSignal::wait() const {
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait(lock, [this] { return impl_->requested.load(); });
}

bool StopSignal::wait_for(int timeout_ms) const {
  std::unique_lock lock(impl_->mutex);
  return impl_->changed.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                                 [this] { return impl_->requested.load(); });
}

}  // namespace hailstorm

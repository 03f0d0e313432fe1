#include "common/service/loop_thread.h"

#include <chrono>
#include <utility>

namespace hailstorm::service {

LoopThread::~LoopThread() { join(); }

void LoopThread::start(Pass pass, int first_wait_ms) {
  if (thread_.joinable()) return;
  thread_ = std::thread([this, one = std::move(pass), first_wait_ms] { run(one, first_wait_ms); });
}

void LoopThread::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  woken_changed_.notify_one();
}

void LoopThread::join() {
  if (thread_.joinable()) thread_.join();
}

void LoopThread::run(const Pass& pass, int first_wait_ms) {
  for (std::optional<int> wait_ms = first_wait_ms; wait_ms; wait_ms = pass()) {
    if (*wait_ms > 0) wait(*wait_ms);
  }
}

void LoopThread::wait(int timeout_ms) {
  std::unique_lock lock(mutex_);
  woken_changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [this] { return woken_; });
  woken_ = false;
}

}  // namespace hailstorm::service

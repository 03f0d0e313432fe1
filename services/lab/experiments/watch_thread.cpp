#include "services/lab/experiments/watch_thread.h"

#include <utility>

namespace hailstorm::lab {

WatchThread::WatchThread(std::chrono::duration<double> pace, std::function<bool()> look)
    : pace_(pace), look_(std::move(look)), thread_([this] { watch(); }) {}

void WatchThread::end() {
  {
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
  }
  ended_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool WatchThread::wait_for_next() {
  std::unique_lock lock(mutex_);
  return !ended_.wait_for(lock, pace_, [this] { return is_ended_; });
}

void WatchThread::watch() {
  while (look_() && wait_for_next()) {
  }
}

}  // namespace hailstorm::lab

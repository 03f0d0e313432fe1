#include "common/base/thread_pool.h"

#include <algorithm>
#include <exception>
#include <malloc.h>
#include <utility>

namespace hailstorm {

bool GrowingThreadPool::enqueue(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    join_ended();
    const bool is_enough = jobs_.size() < idle_ || threads_.size() >= max_threads_;
    if (!is_enough && !add_thread() && threads_.empty()) return false;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

bool GrowingThreadPool::add_thread() {
  try {
    Threads one(1);
    one.front() = make_thread_([this, self = one.begin()] { work(self); });
    threads_.splice(threads_.end(), one);
    return true;
  } catch (const std::exception&) {
    return false;  // a limit of threads or of memory
  }
}

void GrowingThreadPool::shutdown() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  // No thread ends by itself any more.
  for (auto& thread : threads_) thread.join();
  for (auto& thread : ended_) thread.join();
  threads_.clear();
  ended_.clear();
}

size_t GrowingThreadPool::threads() {
  const std::lock_guard lock(mutex_);
  return threads_.size();
}

/// Waits only for their return: what they did last was to unlock the mutex.
void GrowingThreadPool::join_ended() {
  for (auto& thread : ended_) thread.join();
  ended_.clear();
}

/// Called by a thread that ended its work. The time in which a thread itself was idle does not
/// count: with little work and many threads, each of them has a job now and then.
bool GrowingThreadPool::is_needless() {
  if (stopping_ || !jobs_.empty()) return false;
  const auto now = std::chrono::steady_clock::now();
  if (now - while_began_ >= while_) {
    needless_ = std::min(least_idle_, idle_);  // some of those may be gone by now
    least_idle_ = idle_;
    while_began_ = now;
  }
  if (needless_ == 0) return false;
  --needless_;
  return true;
}

void GrowingThreadPool::work(Threads::iterator self) {
  std::unique_lock lock(mutex_);
  while (!is_needless()) {
    ++idle_;
    changed_.wait_for(lock, while_, [this] { return !jobs_.empty() || stopping_; });
    --idle_;
    if (jobs_.empty() && stopping_) return;
    if (jobs_.empty()) continue;
    least_idle_ = std::min(least_idle_, idle_);
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
  ended_.splice(ended_.end(), threads_, self);
  const bool is_last = needless_ == 0;
  lock.unlock();
  // Gives freed memory back to the system after a burst.
  if (is_last) ::malloc_trim(0);
}

}  // namespace hailstorm

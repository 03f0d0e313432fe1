#include "broker/server/sync_pool.h"

#include <utility>

#include "common/base/clock.h"

namespace hailstorm::broker {

SyncPool::SyncPool(size_t threads, std::function<void()> on_finished)
    : on_finished_(std::move(on_finished)) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

SyncPool::~SyncPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void SyncPool::submit(std::vector<SyncTask> tasks) {
  if (tasks.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (SyncTask& task : tasks) waiting_.push_back(std::move(task));
  }
  for (size_t i = 0; i < tasks.size(); ++i) changed_.notify_one();
}

std::vector<SyncTask> SyncPool::take_finished() {
  const std::lock_guard lock(mutex_);
  return std::exchange(finished_, {});
}

void SyncPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    SyncTask task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const int64_t began_us = steady_us();
    task.outcome = task.job->run();
    task.took_us = steady_us() - began_us;
    lock.lock();
    finished_.push_back(std::move(task));
    lock.unlock();
    on_finished_();  // without the lock: who wakes takes it at once
    lock.lock();
  }
}

}  // namespace hailstorm::broker

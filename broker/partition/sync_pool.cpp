#include "broker/partition/sync_pool.h"

#include <utility>

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

void SyncPool::submit(const std::vector<Partition*>& partitions) {
  if (partitions.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    waiting_.insert(waiting_.end(), partitions.begin(), partitions.end());
  }
  for (size_t i = 0; i < partitions.size(); ++i) changed_.notify_one();
}

std::vector<Partition*> SyncPool::take_finished() {
  const std::lock_guard lock(mutex_);
  return std::exchange(finished_, {});
}

void SyncPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Partition* const partition = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    partition->run_sync();
    lock.lock();
    finished_.push_back(partition);
    lock.unlock();
    on_finished_();  // unlocked, because the woken thread locks mutex_ first
    lock.lock();
  }
}

}  // namespace hailstorm::broker

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
  for (Partition* const partition : partitions) {
    submit([this, partition] {
      partition->run_sync();
      const std::lock_guard lock(mutex_);
      finished_.push_back(partition);
    });
  }
}

void SyncPool::submit(UniqueFunction<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  changed_.notify_one();
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
    UniqueFunction<void()> work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    on_finished_();  // unlocked, because the woken thread locks mutex_ first
    lock.lock();
  }
}

}  // namespace hailstorm::broker

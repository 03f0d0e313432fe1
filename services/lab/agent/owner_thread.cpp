#include "services/lab/agent/owner_thread.h"

namespace hailstorm::lab {

OwnerThread::OwnerThread(std::chrono::milliseconds tick_every, std::function<void()> tick)
    : tick_every_(tick_every), tick_(std::move(tick)), thread_([this] { loop(); }) {}

OwnerThread::~OwnerThread() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void OwnerThread::add(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  changed_.notify_one();
}

void OwnerThread::loop() {
  std::unique_lock lock(mutex_);
  while (!stop_ || !waiting_.empty()) {
    changed_.wait_for(lock, tick_every_, [this] { return stop_ || !waiting_.empty(); });
    auto due = std::exchange(waiting_, {});
    lock.unlock();
    for (auto& work : due) work();
    tick_();
    lock.lock();
  }
}

}  // namespace hailstorm::lab

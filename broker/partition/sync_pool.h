#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "broker/partition/partition.h"
#include "common/base/unique_function.h"

namespace hailstorm::broker {

/// The threads that wait for the disk, so that the broker's thread never does.
///
/// Thread safety: safe.
class SyncPool {
 public:
  /// `on_finished` is called on the pool's threads whenever take_finished() has something new.
  SyncPool(size_t threads, std::function<void()> on_finished);
  ~SyncPool();  // runs what was submitted, then stops
  SyncPool(const SyncPool&) = delete;
  SyncPool& operator=(const SyncPool&) = delete;

  void submit(const std::vector<Partition*>& partitions);
  /// Calls `work` on one of the threads, and then on_finished.
  void submit(UniqueFunction<void()> work);
  [[nodiscard]] std::vector<Partition*> take_finished();

 private:
  void work();

  std::function<void()> on_finished_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<UniqueFunction<void()>> waiting_;  // protected by mutex_
  std::vector<Partition*> finished_;            // protected by mutex_
  bool stopping_ = false;                       // protected by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace hailstorm::broker

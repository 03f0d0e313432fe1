#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "broker/api/broker_metrics.h"
#include "broker/storage/topic_store.h"
#include "common/base/clock.h"
#include "common/base/unique_function.h"

namespace hailstorm::broker {

/// One fdatasync on its way through a second thread and back.
struct SyncTask {
  wire::TopicPartition id;
  std::unique_ptr<storage::SyncJob> job;
  Status outcome;
  int64_t took_us = 0;
};

/// Group commit: all that was appended to a partition while one sync runs is made durable by the
/// next one, and everything that waits for it is answered together.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class CommitQueue {
 public:
  using Done = UniqueFunction<void(const Status&)>;
  using Advanced = std::function<void(const wire::TopicPartition&)>;

  /// `advanced` is told of each partition whose high watermark may have risen.
  CommitQueue(storage::TopicStore& topics, const Clock& clock, BrokerMetrics& metrics,
              Advanced advanced);

  /// A batch that ends at `last_offset` was appended. `done` (may be null) is called once: when the
  /// high watermark has passed it, at once where it has already, or with the error that stopped the
  /// partition.
  void appended(const wire::TopicPartition& id, int64_t last_offset, Done done);

  /// A task for every partition that is due for a sync and has none running. With `now`, also for
  /// those whose flush interval has not passed yet.
  [[nodiscard]] std::vector<SyncTask> start(bool now = false);
  void finish(SyncTask task);

  /// Calls `action` as soon as no sync of this topic runs: at once, or from finish().
  void when_quiet(const std::string& topic, UniqueFunction<void()> action);
  /// The topic is gone: what waits for it fails.
  void forget(const std::string& topic);

  [[nodiscard]] int64_t waiting() const noexcept { return waiting_; }
  /// True while a sync runs or is due.
  [[nodiscard]] bool busy() const;

 private:
  struct Waiter {
    int64_t last_offset;
    Done done;
  };
  struct Partition {
    std::deque<Waiter> waiters;
    bool running = false;
    bool dirty = false;
    int64_t due_ms = 0;
  };
  void settle(const wire::TopicPartition& id, Partition& partition, const Status& outcome);
  [[nodiscard]] bool is_quiet(const std::string& topic) const;
  void run_quiet_actions();

  storage::TopicStore& topics_;
  const Clock& clock_;
  BrokerMetrics& metrics_;
  Advanced advanced_;
  std::map<wire::TopicPartition, Partition> partitions_;  // only those dirty, running or waited for
  std::vector<std::pair<std::string, UniqueFunction<void()>>> quiet_actions_;
  int64_t waiting_ = 0;
};

}  // namespace hailstorm::broker

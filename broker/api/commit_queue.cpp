#include "broker/api/commit_queue.h"

#include <iterator>
#include <utility>

#include "common/base/logging.h"

namespace hailstorm::broker {

using storage::StorageErrc;

namespace {

constexpr int64_t kSyncAgainMs = 50;

}  // namespace

CommitQueue::CommitQueue(storage::TopicStore& topics, const Clock& clock, BrokerMetrics& metrics,
                         Advanced advanced)
    : topics_(topics), clock_(clock), metrics_(metrics), advanced_(std::move(advanced)) {}

void CommitQueue::appended(const wire::TopicPartition& id, int64_t last_offset, Done done) {
  const storage::Topic* topic = topics_.find(id.topic);
  storage::PartitionLog* log = topics_.log(id);
  HAIL_CHECK(topic != nullptr && log != nullptr);
  Partition& partition = partitions_[id];
  if (!partition.dirty && log->needs_sync()) {
    const bool always = topic->config.flush == wire::FlushPolicy::always;
    partition.dirty = true;
    partition.due_ms = clock_.steady_ms() + (always ? 0 : topic->config.flush_interval_ms);
  }
  if (log->high_watermark() > last_offset) {
    advanced_(id);
    if (done) done(Status());
    return;
  }
  if (!done) return;
  // Also where nothing needs a sync: start() then reports to it why it waits in vain.
  partition.dirty = true;
  partition.waiters.push_back({last_offset, std::move(done)});
  ++waiting_;
}

std::vector<SyncTask> CommitQueue::start(bool now) {
  std::vector<SyncTask> tasks;
  const int64_t now_ms = clock_.steady_ms();
  for (auto it = partitions_.begin(); it != partitions_.end();) {
    auto& [id, partition] = *it;
    if (partition.running || (partition.dirty && !now && partition.due_ms > now_ms)) {
      ++it;
      continue;
    }
    storage::PartitionLog* log = topics_.log(id);
    if (partition.dirty && log != nullptr && log->needs_sync()) {
      partition.dirty = false;
      partition.running = true;
      tasks.push_back({id, log->start_sync(), {}, 0});
      ++it;
      continue;
    }
    partition.dirty = false;
    settle(id, partition,
           Error(StorageErrc::stopped, "the partition stopped before the write was durable"));
    const bool done = !partition.dirty && partition.waiters.empty();
    it = done ? partitions_.erase(it) : std::next(it);
  }
  return tasks;
}

void CommitQueue::finish(SyncTask task) {
  metrics_.sync_seconds.observe(static_cast<double>(task.took_us) / 1e6);
  Partition& partition = partitions_[task.id];
  partition.running = false;
  if (storage::PartitionLog* log = topics_.log(task.id); log != nullptr) {
    const Status outcome = log->finish_sync(std::move(task.job), task.outcome);
    if (!outcome.ok() && log->needs_sync()) {
      partition.dirty = true;
      partition.due_ms = clock_.steady_ms() + kSyncAgainMs;
      log_warn("a sync was not possible, and is tried again",
               {{"topic", task.id.topic}, {"partition", task.id.partition}, outcome.error()});
    } else if (!outcome.ok()) {
      log_error("sync failed, the partition takes no more writes",
                {distinct_by({"topic", task.id.topic}),
                 distinct_by({"partition", task.id.partition}), outcome.error()});
    }
    settle(task.id, partition, outcome);
    advanced_(task.id);
  }
  run_quiet_actions();
}

void CommitQueue::settle(const wire::TopicPartition& id, Partition& partition,
                         const Status& outcome) {
  const storage::PartitionLog* log = topics_.log(id);
  const int64_t high_watermark = log == nullptr ? -1 : log->high_watermark();
  std::deque<Waiter> later;
  std::deque<Waiter> waiters = std::exchange(partition.waiters, {});
  for (Waiter& waiter : waiters) {
    const bool durable = waiter.last_offset < high_watermark;
    if (!durable && outcome.ok()) {
      later.push_back(std::move(waiter));
      continue;
    }
    --waiting_;
    waiter.done(durable ? Status() : outcome);
  }
  // What `done` appended in the meantime comes after those that were here before.
  partition.waiters.insert(partition.waiters.begin(), std::make_move_iterator(later.begin()),
                           std::make_move_iterator(later.end()));
}

bool CommitQueue::is_quiet(const std::string& topic) const {
  for (auto it = partitions_.lower_bound({topic, 0});
       it != partitions_.end() && it->first.topic == topic; ++it) {
    if (it->second.running) return false;
  }
  return true;
}

void CommitQueue::when_quiet(const std::string& topic, UniqueFunction<void()> action) {
  quiet_actions_.emplace_back(topic, std::move(action));
  run_quiet_actions();
}

void CommitQueue::run_quiet_actions() {
  auto actions = std::exchange(quiet_actions_, {});
  for (auto& [topic, action] : actions) {
    if (is_quiet(topic)) {
      action();
    } else {
      quiet_actions_.emplace_back(topic, std::move(action));
    }
  }
}

void CommitQueue::forget(const std::string& topic) {
  const Status gone = Error(StorageErrc::not_found, "topic '" + topic + "' was deleted");
  for (auto it = partitions_.lower_bound({topic, 0});
       it != partitions_.end() && it->first.topic == topic;) {
    settle(it->first, it->second, gone);
    it = partitions_.erase(it);
  }
}

bool CommitQueue::busy() const {
  for (const auto& [id, partition] : partitions_) {
    if (partition.running || partition.dirty) return true;
  }
  return false;
}

}  // namespace hailstorm::broker

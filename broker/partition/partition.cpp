#include "broker/partition/partition.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "common/base/logging.h"

namespace hailstorm::broker {

using storage::StorageErrc;

namespace {

constexpr int64_t kSyncAgainMs = 50;
constexpr int64_t kEndSwapAgainMs = 1'000;

}  // namespace

Partition::Flush Partition::flush_of(const wire::TopicConfig& config) {
  if (config.flush == wire::FlushPolicy::always) return {true, 0};
  return {false, config.flush_interval_ms};
}

Partition::Partition(wire::TopicPartition id, const wire::TopicConfig& config, const Clock& clock,
                     ActivePartitions& active)
    : id_(std::move(id)), flush_(flush_of(config)), clock_(clock), active_(active) {}

Partition::~Partition() {
  if (is_active_) std::erase(active_.partitions_, this);
  active_.waiting_ -= std::ssize(waiters_);
}

void Partition::open(Result<std::unique_ptr<storage::Log>> log) {
  open_error_.reset();
  if (log.ok()) {
    log_ = std::move(log).value();
  } else {
    open_error_ = std::move(log).error();
  }
}

Status Partition::prepare(const wire::TopicConfig& config) {
  // Otherwise the high watermark would fall back to what is durable.
  const bool waits_from_now = flush_of(config).waits_for_disk && !flush_.waits_for_disk;
  return is_open() && waits_from_now ? log_->make_durable() : Status();
}

void Partition::apply(const wire::TopicConfig& config) {
  flush_ = flush_of(config);
  if (!is_open()) return;
  log_->apply(config);
  settle(Status());  // what waits for the disk may not have to any more
  note_advanced();
}

void Partition::mark_deleted() {
  HAIL_CHECK(!is_syncing() && !is_compacting());
  is_deleted_ = true;
  open_error_ = Error(StorageErrc::not_found, "topic '" + id_.topic + "' was deleted");
  sync_wanted_ = false;
  log_.reset();
  note_advanced();
  for (Waiter& waiter : std::exchange(waiters_, {})) {
    --active_.waiting_;
    waiter.done(*open_error_);
  }
}

Result<storage::Appended> Partition::append(MutableBytes batch) {
  HAIL_ASSIGN_OR_RETURN(const auto appended, log_->append(batch, leader_epoch()));
  if (!sync_wanted_ && log_->needs_sync()) want_sync(flush_.sync_delay_ms);
  if (high_watermark() > appended.last_offset) note_advanced();
  return appended;
}

void Partition::when_durable(int64_t last_offset, Done done) {
  if (high_watermark() > last_offset) return done(Status());
  // Also where nothing needs a sync: start_sync() then reports why this waits in vain.
  if (!sync_wanted_) want_sync(0);
  waiters_.push_back({last_offset, std::move(done)});
  ++active_.waiting_;
}

void Partition::want_sync(int64_t delay_ms) {
  sync_wanted_ = true;
  sync_due_ms_ = clock_.steady_ms() + delay_ms;
  active_.note_due(sync_due_ms_);
  if (!std::exchange(is_active_, true)) active_.partitions_.push_back(this);
}

bool Partition::stays_active() {
  is_active_ = is_sync_pending() || !waiters_.empty();
  return is_active_;
}

void Partition::note_advanced() {
  if (!std::exchange(is_advanced_, true)) active_.advanced_.push_back(shared_from_this());
}

bool Partition::start_sync(int64_t now_ms) {
  if (is_syncing()) return false;  // finish() says when the next one is due
  if (sync_wanted_ && sync_due_ms_ > now_ms) {
    active_.note_due(sync_due_ms_);
    return false;
  }
  const bool is_needed = sync_wanted_ && log_->needs_sync();
  sync_wanted_ = false;
  if (is_needed) {
    sync_.emplace(log_->start_sync());
  } else {
    settle(Error(StorageErrc::stopped, "the partition stopped before the write was durable"));
  }
  return is_needed;
}

void Partition::run_sync() {
  const int64_t began_us = steady_us();
  sync_->run();
  sync_took_us_ = steady_us() - began_us;
}

Status Partition::take_outcome() {
  const Status outcome = log_->finish_sync(*sync_);
  sync_.reset();
  return outcome;
}

Status Partition::finish() {
  const Status outcome = take_outcome();
  if (!outcome.ok() && log_->needs_sync()) {
    want_sync(kSyncAgainMs);
    log_warn("a sync was not possible, and is tried again",
             {{"topic", id_.topic}, {"partition", id_.partition}, outcome.error()});
  } else if (!outcome.ok()) {
    log_error("sync failed, the partition takes no more writes",
              {distinct_by({"topic", id_.topic}), distinct_by({"partition", id_.partition}),
               outcome.error()});
  }
  // A swap that could not be ended: the next sync tries again.
  if (outcome.ok() && log_->has_swap() && !sync_wanted_) want_sync(kEndSwapAgainMs);
  settle(outcome);
  active_.note_due(sync_wanted_ ? sync_due_ms_ : 0);
  note_advanced();
  return outcome;
}

Result<bool> Partition::next_step(storage::Compaction& compaction) {
  auto more = log_->next_step(compaction);
  if (log_->has_swap() && !sync_wanted_) want_sync(0);
  return more;
}

Status Partition::sync_now() {
  if (!log_->needs_sync()) return {};
  sync_.emplace(log_->start_sync());
  run_sync();
  return finish();
}

void Partition::settle(const Status& outcome) {
  std::deque<Waiter> later;
  for (Waiter& waiter : std::exchange(waiters_, {})) {
    const bool may_be_acknowledged = waiter.last_offset < high_watermark();
    if (!may_be_acknowledged && outcome.ok()) {
      later.push_back(std::move(waiter));
      continue;
    }
    --active_.waiting_;
    waiter.done(may_be_acknowledged ? Status() : outcome);
  }
  // What `done` appended in the meantime comes after those that were here before.
  waiters_.insert(waiters_.begin(), std::make_move_iterator(later.begin()),
                  std::make_move_iterator(later.end()));
}

Status Partition::drop_before(int64_t offset) {
  return log_->drop_before(std::min(offset, high_watermark()));
}

Status Partition::delete_before(int64_t offset) {
  if (offset < 0 || offset > high_watermark())
    return Error(StorageErrc::out_of_range, fmt::format("offset {} is not in the log, which is "
                                                        "read up to offset {}",
                                                        offset, high_watermark()));
  note_advanced();  // a reader may wait below the new start
  return log_->delete_before(offset);
}

Status Partition::close() {
  if (is_syncing()) {  // it ran, or nobody will run it any more
    if (!sync_->has_run()) sync_->run();
    static_cast<void>(take_outcome().ok());
  }
  return log_->close();
}

std::vector<Partition*> ActivePartitions::start_syncs(int64_t now_ms) {
  std::vector<Partition*> started;
  if (now_ms < next_due_ms_) return started;
  next_due_ms_ = kEverything;
  // By index: an acknowledgement may make the broker write to a partition that enters itself here.
  for (size_t i = 0; i < partitions_.size(); ++i) {
    if (partitions_[i]->start_sync(now_ms)) started.push_back(partitions_[i]);
  }
  std::erase_if(partitions_, [](Partition* partition) { return !partition->stays_active(); });
  return started;
}

std::vector<std::shared_ptr<Partition>> ActivePartitions::take_advanced() {
  for (const auto& partition : advanced_) partition->is_advanced_ = false;
  return std::exchange(advanced_, {});
}

bool ActivePartitions::busy() const {
  return std::any_of(partitions_.begin(), partitions_.end(),
                     [](const Partition* partition) { return partition->is_sync_pending(); });
}

}  // namespace hailstorm::broker

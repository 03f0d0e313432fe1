#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "broker/storage/batch_header.h"
#include "broker/storage/log.h"
#include "common/base/clock.h"
#include "common/base/unique_function.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

class Partition;

/// The few of a broker's partitions that have something to do: a sync to start, or readers that may
/// be waiting for what is new. The partitions enter themselves; the broker takes them out at the
/// end of each burst of requests.
///
/// Thread safety: not safe; the broker's thread owns it. It must outlive the partitions.
class ActivePartitions {
 public:
  /// Starts a sync in each partition that is due for one and has none running, and gives these
  /// partitions: any thread may call run_sync() on them now. kEverything: also in those whose flush
  /// interval has not passed yet.
  [[nodiscard]] std::vector<Partition*> start_syncs(int64_t now_ms);
  static constexpr int64_t kEverything = std::numeric_limits<int64_t>::max();
  /// The partitions whose high watermark may have risen since the last call, or that were deleted.
  [[nodiscard]] std::vector<std::shared_ptr<Partition>> take_advanced();

  /// How many acknowledgements wait for a sync.
  [[nodiscard]] int64_t waiting() const noexcept { return waiting_; }
  /// True while a sync runs or is due.
  [[nodiscard]] bool busy() const;

 private:
  friend class Partition;
  void note_due(int64_t at_ms) { next_due_ms_ = std::min(next_due_ms_, at_ms); }

  std::vector<Partition*> partitions_;  // with a sync that is due or runs, or with waiters
  int64_t next_due_ms_ = kEverything;   // before that none of them has something to start
  std::vector<std::shared_ptr<Partition>> advanced_;
  int64_t waiting_ = 0;
};

/// One partition of a topic: its log, how far readers may see (the high watermark), the sync that
/// makes it durable and the acknowledgements that wait for that.
///
/// Group commit: all that is appended while one sync runs is made durable by the next one, and
/// everything that waits for it is acknowledged together, in the order of the offsets.
///
/// Thread safety: not safe; the broker's thread owns it. Only run_sync() may be called elsewhere.
class Partition : public std::enable_shared_from_this<Partition> {
 public:
  using Done = UniqueFunction<void(const Status&)>;
  using TimedOffset = storage::TimedOffset;

  /// Not open yet. `clock` and `active` must outlive it.
  Partition(wire::TopicPartition id, const wire::TopicConfig& config, const Clock& clock,
            ActivePartitions& active);
  ~Partition();
  Partition(const Partition&) = delete;
  Partition& operator=(const Partition&) = delete;

  [[nodiscard]] const wire::TopicPartition& id() const { return id_; }

  /// Takes the log, or the error that keeps it from being opened.
  void open(Result<std::unique_ptr<storage::Log>> log);
  [[nodiscard]] bool is_open() const { return log_ != nullptr; }
  /// Why it is not open; nothing where it is.
  [[nodiscard]] const std::optional<Error>& open_error() const { return open_error_; }
  /// The topic is gone: what waits fails, and the log is closed. REQUIRES: no sync runs, and no
  /// step of a compaction.
  void mark_deleted();
  [[nodiscard]] bool is_deleted() const { return is_deleted_; }

  /// Before settings are saved that say when readers see what is written: makes durable what they
  /// have seen. Errors: as storage::Log::make_durable().
  [[nodiscard]] Status prepare(const wire::TopicConfig& config);
  /// The settings hold from now on. REQUIRES: prepare(), and no append since.
  void apply(const wire::TopicConfig& config);

  // Everything below REQUIRES: is_open().

  /// Writes the batch at the end of the log. Errors: as storage::Log::append().
  [[nodiscard]] Result<storage::Appended> append(MutableBytes batch);
  /// Calls `done` once, when a batch that was appended up to `last_offset` may be acknowledged: at
  /// once or from finish_sync(). Or with the error that stopped the partition.
  void when_durable(int64_t last_offset, Done done);

  /// Whole batches from the one that holds `offset` on, up to the high watermark, at most
  /// `max_bytes` but always one batch. Errors: out_of_range, io, corrupt.
  [[nodiscard]] Result<storage::StoredBytes> read(int64_t offset, int64_t max_bytes) {
    return log_->read(offset, max_bytes, visible_end());
  }
  /// The first record below the high watermark at or after this time, or nothing.
  [[nodiscard]] Result<std::optional<TimedOffset>> offset_at(int64_t timestamp_ms) {
    return log_->offset_at(timestamp_ms, visible_end());
  }

  /// The first record below the high watermark with the highest timestamp, or nothing.
  [[nodiscard]] Result<std::optional<TimedOffset>> youngest() {
    return log_->youngest(visible_end());
  }

  [[nodiscard]] int64_t log_start_offset() const { return log_->start_offset(); }
  [[nodiscard]] int64_t log_end_offset() const { return log_->end().offset; }  // of the next record
  /// Readers see what is below. flush=always: what is durable; flush=interval: what is written.
  [[nodiscard]] int64_t high_watermark() const { return visible_end().offset; }
  [[nodiscard]] int64_t size_bytes() const { return log_->size_bytes(); }
  /// 0 as long as a partition has one copy, and so no change of leader.
  [[nodiscard]] int32_t leader_epoch() const { return storage::kLeaderEpoch; }
  /// Why it takes no writes, or nothing: as storage::Log::failure().
  [[nodiscard]] std::optional<Error> failure() const { return log_->failure(); }

  /// True between start and finish of a sync.
  [[nodiscard]] bool is_syncing() const { return sync_.has_value(); }
  /// What a sync of another thread does. REQUIRES: is_syncing(), and it was not called since.
  void run_sync();
  /// Back on the broker's thread after run_sync(): the high watermark rises and what waited for it
  /// is acknowledged, or the partition stops and it fails.
  void finish_sync() { static_cast<void>(finish().ok()); }
  [[nodiscard]] int64_t sync_took_us() const { return sync_took_us_; }  // the last run_sync()
  /// Start, run and finish at once, if anything needs it. REQUIRES: no sync runs.
  [[nodiscard]] Status sync_now();

  /// Drops whole old segments by time and size, never what readers may not see yet.
  [[nodiscard]] Status enforce_retention() { return log_->enforce_retention(high_watermark()); }
  /// Drops whole segments that end at or before `offset`, never what readers may not see yet.
  [[nodiscard]] Status drop_before(int64_t offset);
  /// As storage::Log::delete_before(). Errors: out_of_range beyond the high watermark, too.
  [[nodiscard]] Status delete_before(int64_t offset);

  /// As storage::Log::begin_compaction().
  [[nodiscard]] std::unique_ptr<storage::Compaction> begin_compaction(
      storage::CompactionLimits limits) {
    return log_->begin_compaction(high_watermark(), std::move(limits));
  }
  /// Another thread runs a step of this compaction from now on; null: none does any more.
  void set_compaction(storage::Compaction* running) { compaction_ = running; }
  [[nodiscard]] bool is_compacting() const { return compaction_ != nullptr; }
  /// Ends the step that runs soon, if one does.
  void stop_compaction() {
    if (compaction_ != nullptr) compaction_->stop();
  }
  /// As storage::Log::next_step(), and has a sync done where that needs one.
  [[nodiscard]] Result<bool> next_step(storage::Compaction& compaction);
  [[nodiscard]] uint64_t dirty_bytes() const { return log_->dirty_bytes(high_watermark()); }

  [[nodiscard]] const storage::ProducerState& producers() const { return log_->producers(); }
  [[nodiscard]] int64_t highest_producer_id() const { return log_->highest_producer_id(); }
  /// From now on batches of this producer with an epoch below `below_epoch` are refused here.
  void fence_producer(int64_t producer_id, int16_t below_epoch) {
    log_->fence_producer(producer_id, below_epoch);
  }

  /// The last sync; the next start begins where this ends. REQUIRES: no other thread is in
  /// run_sync(). May be called from any thread.
  [[nodiscard]] Status close();

  /// For reading what is stored apart from what readers may see.
  [[nodiscard]] storage::Log& log() { return *log_; }

 private:
  friend class ActivePartitions;
  /// What the topic's flush setting means.
  struct Flush {
    bool waits_for_disk;    // readers and producers: for nothing that is not durable
    int64_t sync_delay_ms;  // from a write to the sync that covers it
  };
  struct Waiter {
    int64_t last_offset;
    Done done;
  };
  [[nodiscard]] static Flush flush_of(const wire::TopicConfig& config);
  [[nodiscard]] storage::LogPosition visible_end() const {
    return flush_.waits_for_disk ? log_->durable_end() : log_->end();
  }

  /// Starts a sync if one is due and none runs; true: it did. Where none is needed, what waits
  /// fails.
  [[nodiscard]] bool start_sync(int64_t now_ms);
  [[nodiscard]] bool is_sync_pending() const { return is_syncing() || sync_wanted_; }
  /// False: it left the active partitions.
  [[nodiscard]] bool stays_active();
  void want_sync(int64_t delay_ms);
  void note_advanced();
  [[nodiscard]] Status finish();
  [[nodiscard]] Status take_outcome();
  void settle(const Status& outcome);

  const wire::TopicPartition id_;
  Flush flush_;
  const Clock& clock_;
  ActivePartitions& active_;

  std::unique_ptr<storage::Log> log_;
  std::optional<Error> open_error_ =
      Error(storage::StorageErrc::stopped, "the partition is not open yet");
  bool is_deleted_ = false;

  std::optional<storage::LogSync> sync_;  // between start and finish
  int64_t sync_took_us_ = 0;
  storage::Compaction* compaction_ = nullptr;  // of which a step runs
  bool sync_wanted_ = false;                   // something was appended after the last sync started
  int64_t sync_due_ms_ = 0;
  std::deque<Waiter> waiters_;
  bool is_active_ = false;    // one of active_.partitions_
  bool is_advanced_ = false;  // one of active_.advanced_
};

}  // namespace hailstorm::broker

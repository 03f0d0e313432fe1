#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "broker/storage/appended.h"
#include "common/base/bytes.h"
#include "common/base/result.h"

namespace hailstorm::storage {

/// Stored bytes, and what keeps them alive.
struct StoredBytes {
  std::shared_ptr<const void> owner;
  Bytes bytes;
};

/// What a second thread does for group commit: makes all that was appended before start_sync()
/// durable.
///
/// Thread safety: run() may be called from any thread, once, beside any call on its PartitionLog.
class SyncJob {
 public:
  virtual ~SyncJob() = default;
  [[nodiscard]] virtual Status run() = 0;
};

/// One partition: its segments, indexes, producers' sequences, high watermark.
///
/// Thread safety: not safe; one thread owns it. Only SyncJob::run() may be elsewhere.
class PartitionLog {
 public:
  virtual ~PartitionLog() = default;

  /// Checks the batch (RecordBatchView::parse), its producer's epoch and sequence, stamps offset
  /// and leader epoch in place, and writes it. Not yet durable: see start_sync(). Errors: any
  /// wire::BatchErrc, invalid, too_large, the sequence errors, no_space and
  /// out_of_resources (nothing was kept), io,
  /// stopped.
  [[nodiscard]] virtual Result<Appended> append(MutableBytes batch) = 0;

  /// True when something was appended that no finished sync covers.
  [[nodiscard]] virtual bool needs_sync() const = 0;
  /// A job covering all appended so far. REQUIRES: no other job of this log is between start and
  /// finish.
  [[nodiscard]] virtual std::unique_ptr<SyncJob> start_sync() = 0;
  /// Back on the owner's thread with the job's outcome: the high watermark advances, or the log
  /// stops for good. Error out_of_resources: nothing stops, and needs_sync() is still true.
  virtual Status finish_sync(std::unique_ptr<SyncJob> job, const Status& outcome) = 0;
  /// start, run and finish in one, on this thread.
  [[nodiscard]] Status sync();

  /// Whole batches from the one that holds `offset` on, up to the high watermark, at most
  /// `max_bytes` but always one batch; empty at the high watermark. Errors: out_of_range, io,
  /// corrupt.
  [[nodiscard]] virtual Result<StoredBytes> read(int64_t offset, int64_t max_bytes) = 0;

  [[nodiscard]] virtual int64_t log_start_offset() const = 0;
  [[nodiscard]] virtual int64_t log_end_offset() const = 0;  // of the next record
  /// flush=always: the end of what is durable. flush=interval: the end of what is written.
  [[nodiscard]] virtual int64_t high_watermark() const = 0;
  [[nodiscard]] virtual int64_t size_bytes() const = 0;
  /// Why the log takes no writes, or nothing. What may_pass() is lifted by the next
  /// append that succeeds, out_of_resources after a second, too.
  [[nodiscard]] virtual std::optional<Error> failure() const = 0;

  struct TimedOffset {
    int64_t offset;
    int64_t timestamp_ms;
  };
  /// The first record below the high watermark at or after this time, or nothing.
  [[nodiscard]] virtual Result<std::optional<TimedOffset>> offset_at(int64_t timestamp_ms) = 0;

  /// Drops whole old segments by time and size, never the active one; also producers unheard of for
  /// long.
  [[nodiscard]] virtual Status enforce_retention() = 0;

  /// Drops whole segments that end at or before `offset`, never the active one nor what is not
  /// durable.
  [[nodiscard]] virtual Status drop_before(int64_t offset) = 0;

  /// Of the producers that the log remembers; -1: none.
  [[nodiscard]] virtual int64_t highest_producer_id() const = 0;
  /// From now on batches of this producer with an epoch below `below_epoch` are refused here.
  virtual void fence_producer(int64_t producer_id, int16_t below_epoch) = 0;

  /// Syncs and writes the clean point from which the next open() starts.
  [[nodiscard]] virtual Status close() = 0;
};

}  // namespace hailstorm::storage

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "broker/storage/appended.h"
#include "broker/storage/compaction.h"
#include "broker/storage/file_system.h"
#include "broker/storage/log_sync.h"
#include "broker/storage/partition_file.h"
#include "broker/storage/producer_state.h"
#include "broker/storage/recovery.h"
#include "broker/storage/segment_read.h"
#include "broker/storage/segments.h"
#include "broker/storage/stored_bytes.h"
#include "common/base/clock.h"
#include "common/wire/messages.h"

namespace hailstorm::storage {

/// The log of one partition: a row of segments in one folder, and the sequences of its producers.
/// What readers may see of it is decided by the partition that owns it.
///
/// A segment is synced before the next one is begun, so that only the last one can have a torn
/// tail.
///
/// Thread safety: not safe; one thread owns it. Only LogSync::run() may be elsewhere.
class Log {
 public:
  /// Opens or makes the folder `path` ("…/TOPIC-PARTITION") of the topic with this id (zero: not
  /// known) and recovers it: walks batches from the last clean point, rebuilds indexes and
  /// sequences, truncates a torn tail. Damage before the tail, missing segments and another
  /// partition's folder are error corrupt, with file and byte; nothing is changed then. `files` and
  /// `clock` must remain live while the log is in use.
  [[nodiscard]] static Result<std::unique_ptr<Log>> open(FileSystem& files, const Clock& clock,
                                                         std::string path, const Uuid& topic_id,
                                                         const wire::TopicConfig& config);
  Log(FileSystem& files, const Clock& clock, std::string folder, const wire::TopicConfig& config,
      RecoveredLog recovered);

  /// Checks the batch (RecordBatchView::parse), its producer's epoch and sequence, stamps offset
  /// and leader epoch in place, and writes it. Not yet durable: see start_sync(). Errors: any
  /// wire::BatchErrc, invalid, invalid_timestamp, too_large, the sequence errors, no_space and
  /// out_of_resources (nothing was kept), io, stopped.
  [[nodiscard]] Result<Appended> append(MutableBytes batch, int32_t leader_epoch);

  /// True when something was appended that no finished sync covers.
  [[nodiscard]] bool needs_sync() const;
  /// A sync of all appended so far. REQUIRES: no other sync of this log is between start and
  /// finish.
  [[nodiscard]] LogSync start_sync();
  /// Back on the owner's thread with a sync that has run: durable_end() advances, or the log stops
  /// for good. Error out_of_resources: nothing stops, and needs_sync() is still true.
  Status finish_sync(const LogSync& sync);
  /// start, run and finish in one, on this thread.
  [[nodiscard]] Status sync();

  /// Whole batches from the one that holds `offset` on, up to `visible_end`, at most `max_bytes`
  /// but always one batch, and one with a record where there is one; empty from there on. Errors:
  /// out_of_range, io, corrupt.
  [[nodiscard]] Result<StoredBytes> read(int64_t offset, int64_t max_bytes,
                                         const LogPosition& visible_end);

  /// The first record before `visible_end` at or after this time, or nothing.
  [[nodiscard]] Result<std::optional<TimedOffset>> offset_at(int64_t timestamp_ms,
                                                             const LogPosition& visible_end);
  /// The first record before `visible_end` with the highest timestamp, or nothing.
  [[nodiscard]] Result<std::optional<TimedOffset>> youngest(const LogPosition& visible_end);

  /// All appended so far, on this thread, also while another sync is between start and finish.
  /// Errors: as append(), where the disk refuses.
  [[nodiscard]] Status make_durable();
  /// What may change of a topic's settings, from the next append on.
  void apply(const wire::TopicConfig& config) { config_ = config; }

  [[nodiscard]] int64_t start_offset() const { return partition_.start(); }
  [[nodiscard]] LogPosition end() const;
  [[nodiscard]] const LogPosition& durable_end() const { return durable_; }
  [[nodiscard]] int64_t size_bytes() const { return segments_.size_bytes(); }
  /// Why the log takes no writes, or nothing. What may_pass() is lifted by the next append that
  /// succeeds, out_of_resources after a second, too.
  [[nodiscard]] std::optional<Error> failure() const;

  /// Drops whole old segments by time and size that end at or before `high_watermark`, never the
  /// active one; also producers that have written nothing for long.
  [[nodiscard]] Status enforce_retention(int64_t high_watermark);
  /// Drops whole segments that end at or before `offset`, never the active one.
  [[nodiscard]] Status drop_before(int64_t offset);
  /// The log begins at `offset`, which may be inside a segment and inside a batch: durable once it
  /// returned. Segments that lie before it are removed. An offset below the start changes nothing.
  /// REQUIRES: offset <= end().offset. Errors: as append(), where the disk refuses.
  [[nodiscard]] Status delete_before(int64_t offset);

  /// Whether the topic wants a compaction, and enough is dirty, as its settings say.
  [[nodiscard]] bool wants_compaction(int64_t high_watermark) const {
    return is_worth_compacting(count_compactable(high_watermark));
  }
  /// A compaction, if the log wants one; else null. It never touches the active segment, nor what
  /// readers below `high_watermark` may not see. REQUIRES: no other one is under way.
  [[nodiscard]] std::unique_ptr<Compaction> begin_compaction(int64_t high_watermark,
                                                             CompactionLimits limits);
  /// Puts what the last step made in its place, and prepares the next one. False: there is none,
  /// or the last one failed; then the compaction is over. Errors: those of the step. REQUIRES: the
  /// last step has run; the next one does when !has_swap().
  [[nodiscard]] Result<bool> next_step(Compaction& compaction);
  /// True while a sync must end an exchange of segments, before the next step.
  [[nodiscard]] bool has_swap() const { return swap_.has_value(); }
  /// Bytes that no compaction has seen, and that one may compact now; 0 of a topic that wants none.
  [[nodiscard]] uint64_t dirty_bytes(int64_t high_watermark) const;

  [[nodiscard]] const ProducerState& producers() const { return producers_; }
  /// Of the producers that the log remembers; -1: none.
  [[nodiscard]] int64_t highest_producer_id() const { return producers_.highest_id(); }
  /// From now on batches of this producer with an epoch below `below_epoch` are refused here.
  void fence_producer(int64_t producer_id, int16_t below_epoch);

  /// Syncs and writes the clean point from which the next open() starts.
  [[nodiscard]] Status close();

 private:
  [[nodiscard]] int64_t end_offset() const { return segments_.active().extent().end_offset; }
  [[nodiscard]] Status make_room(const wire::RecordBatchView& batch);
  [[nodiscard]] Status roll();
  [[nodiscard]] bool is_active_too_old() const;
  /// As read(), to the end of one segment at most.
  [[nodiscard]] Result<StoredBytes> read_segment(int64_t offset, int64_t max_bytes,
                                                 const LogPosition& visible_end);
  /// The active segment's bytes and the folder's names.
  [[nodiscard]] Status sync_here();
  [[nodiscard]] Status write(const wire::RecordBatchView& batch);
  /// How many of the oldest segments a compaction may touch now.
  [[nodiscard]] size_t count_compactable(int64_t high_watermark) const;
  [[nodiscard]] bool is_worth_compacting(size_t count) const;
  [[nodiscard]] Status put_in_place(Compaction& compaction);
  /// The segments of the next step, from the first that begins at or after `from` on.
  [[nodiscard]] std::vector<SegmentExtent> next_group(int64_t from, int64_t end) const;
  [[nodiscard]] Status end_compaction();
  Error stop(Error why);
  Error refuse_for_now(Error why);

  /// Drops the first `count` segments, and those that an earlier call could not remove; only the
  /// latter when the log has stopped.
  [[nodiscard]] Status drop_first(size_t count);
  /// The first record of that segment at or after this time that is not before the log's start.
  [[nodiscard]] Result<std::optional<TimedOffset>> offset_in(size_t number, int64_t timestamp_ms,
                                                             uint64_t limit);
  /// Of all batches that end after the log's start.
  [[nodiscard]] Result<int64_t> max_timestamp_ms();
  [[nodiscard]] std::string render_checkpoint() const;

  // Constant after construction.
  FileSystem& files_;
  const Clock& clock_;
  const std::string folder_;

  wire::TopicConfig config_;

  PartitionFile partition_;  // has the log's start
  Segments segments_;
  ProducerState producers_;

  LogPosition durable_;
  uint64_t segments_begun_ = 0;      // since open(): each changes the folder
  uint64_t segments_synced_ = 0;     // how many of those changes are durable
  int64_t compacted_to_ = 0;         // compaction has seen all records before this
  bool is_compacting_ = false;       // between begin_compaction() and its end
  std::optional<SegmentSwap> swap_;  // to be ended by the next sync
  int64_t active_since_ms_ = 0;      // steady: its first batch was written, or it was opened
  int64_t drop_wanted_to_ = 0;       // what retention would have dropped during a compaction
  bool checkpoint_due_ = false;
  bool sync_running_ = false;
  bool closed_ = false;

  std::optional<Error> stopped_;
  std::optional<Error> refused_;  // may_pass(): until an append succeeds
  int64_t refused_ms_ = 0;
};

}  // namespace hailstorm::storage

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "broker/storage/file_system.h"
#include "broker/storage/partition_file.h"
#include "broker/storage/partition_log.h"
#include "broker/storage/producer_state.h"
#include "broker/storage/recovery.h"
#include "broker/storage/segment.h"
#include "common/base/clock.h"
#include "common/wire/messages.h"

namespace hailstorm::storage {

/// The PartitionLog there is: a row of segments in one folder.
///
/// A segment is synced before the next one is begun, so that only the last one can have a torn
/// tail.
///
/// Thread safety: as PartitionLog.
class SegmentedLog final : public PartitionLog {
 public:
  /// A batch with a timestamp further ahead of the broker's clock is refused, as Kafka's default is
  /// (message.timestamp.after.max.ms): it would keep its segment from retention by time.
  static constexpr int64_t kTimestampAheadMaxMs = int64_t{3600} * 1000;

  /// Opens or makes the folder `path` ("…/TOPIC-PARTITION") of the topic with this id (zero: not
  /// known) and recovers it: walks batches from the last clean point, rebuilds indexes and
  /// sequences, truncates a torn tail. Damage before the tail, missing segments and another
  /// partition's folder are error corrupt, with file and byte; nothing is changed then. `files` and
  /// `clock` must remain live while the log is in use.
  [[nodiscard]] static Result<std::unique_ptr<PartitionLog>> open(FileSystem& files,
                                                                  const Clock& clock,
                                                                  std::string path,
                                                                  const Uuid& topic_id,
                                                                  const wire::TopicConfig& config);
  SegmentedLog(FileSystem& files, const Clock& clock, std::string folder,
               const wire::TopicConfig& config, RecoveredLog recovered);

  Result<Appended> append(MutableBytes batch) override;
  bool needs_sync() const override;
  std::unique_ptr<SyncJob> start_sync() override;
  Status finish_sync(std::unique_ptr<SyncJob> job, const Status& outcome) override;
  Result<StoredBytes> read(int64_t offset, int64_t max_bytes) override;
  int64_t log_start_offset() const override;
  int64_t log_end_offset() const override;
  int64_t high_watermark() const override;
  int64_t size_bytes() const override;
  std::optional<Error> failure() const override;
  Result<std::optional<TimedOffset>> offset_at(int64_t timestamp_ms) override;
  Status enforce_retention() override;
  Status drop_before(int64_t offset) override;
  int64_t highest_producer_id() const override;
  void fence_producer(int64_t producer_id, int16_t below_epoch) override;
  Status close() override;

 private:
  /// An end of the log, as offset and as place.
  struct Point {
    int64_t offset = 0;
    int64_t segment_base = 0;
    uint64_t position = 0;
  };
  class Job;

  [[nodiscard]] Segment& active() { return *segments_.back(); }
  [[nodiscard]] const Segment& active() const { return *segments_.back(); }
  [[nodiscard]] Point end() const;
  [[nodiscard]] Point visible_end() const;

  [[nodiscard]] Result<wire::RecordBatchView> check(Bytes batch) const;
  [[nodiscard]] Status make_room(const wire::RecordBatchView& batch);
  [[nodiscard]] Status roll();
  [[nodiscard]] Status write(const wire::RecordBatchView& batch);
  Error stop(Error why);
  Error refuse_for_now(Error why);

  [[nodiscard]] size_t segment_of(int64_t offset) const;
  [[nodiscard]] uint64_t visible_bytes(const Segment& segment) const;
  /// Opens the segment's file and closes the one of the sealed segment that was read before.
  [[nodiscard]] Result<std::shared_ptr<File>> file_of(size_t number);
  [[nodiscard]] Result<std::optional<TimedOffset>> first_record_since(size_t number,
                                                                      const Segment::Found& found,
                                                                      int64_t timestamp_ms);
  [[nodiscard]] int64_t last_written_ms(size_t number) const;
  [[nodiscard]] bool can_drop(size_t number) const;
  /// By its age, or because the log, of `size_bytes` with it, would be large enough without it.
  [[nodiscard]] bool is_expired(size_t number, int64_t size_bytes) const;
  /// The first `count` segments, and those that an earlier call could not remove.
  [[nodiscard]] Status drop_first(size_t count);
  [[nodiscard]] std::string render_checkpoint() const;

  // Constant after construction.
  FileSystem& files_;
  const Clock& clock_;
  const std::string folder_;
  const wire::TopicConfig config_;

  PartitionFile partition_;  // has the log's start
  std::vector<std::unique_ptr<Segment>> segments_;
  ProducerState producers_;
  int64_t size_bytes_ = 0;
  int64_t read_last_base_ = -1;  // of the sealed segment whose file is open

  Point durable_;
  uint64_t segments_begun_ = 0;   // since open(): each changes the folder
  uint64_t segments_synced_ = 0;  // how many of those changes are durable
  bool checkpoint_due_ = false;
  bool sync_running_ = false;
  bool closed_ = false;

  std::optional<Error> stopped_;
  std::optional<Error> refused_;  // may_pass(): until an append succeeds
  int64_t refused_ms_ = 0;
};

}  // namespace hailstorm::storage

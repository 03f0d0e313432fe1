#include "broker/storage/log.h"

#include <algorithm>
#include <fmt/format.h>

#include "broker/storage/batch_check.h"
#include "broker/storage/checkpoint.h"
#include "broker/storage/file_names.h"
#include "broker/storage/retention.h"
#include "common/base/logging.h"

namespace hailstorm::storage {
namespace {

constexpr int64_t kRefusalShownMs = 1'000;
constexpr int kMostSegmentsWithoutRecords = 64;  // that one read passes over

/// How many bytes of a segment lie before `visible_end`.
uint64_t visible_bytes(const Segment::Extent& extent, const LogPosition& visible_end) {
  if (extent.base_offset == visible_end.segment_base) return visible_end.position;
  return extent.base_offset < visible_end.segment_base ? extent.size_bytes : 0;
}

}  // namespace

Result<std::unique_ptr<Log>> Log::open(FileSystem& files, const Clock& clock, std::string path,
                                       const Uuid& topic_id, const wire::TopicConfig& config) {
  HAIL_RETURN_IF_ERROR(files.create_folder(path));
  HAIL_ASSIGN_OR_RETURN(RecoveredLog recovered, recover(files, path, topic_id, clock.steady_ms()));
  return std::unique_ptr<Log>(
      std::make_unique<Log>(files, clock, std::move(path), config, std::move(recovered)));
}

Log::Log(FileSystem& files, const Clock& clock, std::string folder, const wire::TopicConfig& config,
         RecoveredLog recovered)
    : files_(files),
      clock_(clock),
      folder_(std::move(folder)),
      config_(config),
      partition_(std::move(recovered.partition).value()),
      segments_(std::move(recovered.segments)),
      producers_(std::move(recovered.producers)),
      compacted_to_(recovered.compacted_to) {
  durable_ = end();  // recovery synced what it walked
  active_since_ms_ = clock_.steady_ms();
}

LogPosition Log::end() const {
  const auto& extent = segments_.active().extent();
  return {extent.end_offset, extent.base_offset, extent.size_bytes};
}

Error Log::stop(Error why) {
  if (!stopped_) {
    log_error("a partition stopped", {distinct_by({"folder", folder_}), {why}});
    stopped_ = why;
  }
  return why;
}

Error Log::refuse_for_now(Error why) {
  refused_ = why;
  refused_ms_ = clock_.steady_ms();
  return why;
}

Result<Appended> Log::append(MutableBytes bytes, int32_t leader_epoch) {
  if (stopped_)
    return Error(StorageErrc::stopped, fmt::format("{}: {}", folder_, stopped_->message()));
  HAIL_ASSIGN_OR_RETURN(const wire::RecordBatchView batch,
                        check_producer_batch(bytes, config_, clock_.wall_ms(), folder_));
  if (batch.producer_id() >= 0) {
    HAIL_ASSIGN_OR_RETURN(const auto written,
                          producers_.check(Sequenced::of(batch), start_offset() > 0));
    if (written) return *written;
  }
  HAIL_RETURN_IF_ERROR(make_room(batch));
  wire::stamp(bytes, end_offset(), leader_epoch);
  HAIL_RETURN_IF_ERROR(write(batch));
  refused_.reset();
  if (batch.producer_id() >= 0) producers_.record(Sequenced::of(batch), clock_.steady_ms());
  return Appended{batch.base_offset(), batch.last_offset(), false};
}

Status Log::make_room(const wire::RecordBatchView& batch) {
  if (end_offset() > INT64_MAX - 2 * int64_t{INT32_MAX})
    return Error(StorageErrc::invalid, "no offset is left");
  const bool has_room =
      segments_.active().has_room(batch.size_bytes(), batch.record_count(), config_.segment_bytes);
  return has_room && !is_active_too_old() ? Status() : roll();
}

bool Log::is_active_too_old() const {
  return segments_.active().extent().size_bytes > 0 &&
         clock_.steady_ms() - active_since_ms_ >= config_.segment_ms;
}

Status Log::sync_here() {
  HAIL_ASSIGN_OR_RETURN(const auto file, segments_.active().file());
  if (const auto synced = file->sync(); !synced.ok()) return stop(synced.error());
  if (segments_synced_ < segments_begun_) {
    // The next segment must not survive a power cut that takes this one's name.
    if (const auto named = files_.sync_folder(folder_); !named.ok()) {
      return named.error().is(StorageErrc::out_of_resources) ? refuse_for_now(named.error())
                                                             : stop(named.error());
    }
    segments_synced_ = segments_begun_;
  }
  return {};
}

Status Log::make_durable() {
  if (stopped_) return *stopped_;
  if (!needs_sync()) return {};
  HAIL_RETURN_IF_ERROR(sync_here());
  durable_ = end();
  return {};
}

Status Log::roll() {
  HAIL_RETURN_IF_ERROR(sync_here());
  auto next = Segment::create(files_, folder_, end_offset());
  if (!next.ok()) {
    // An empty file of this name must not stay: the active segment may grow past its offset.
    const Segment left_over(files_, folder_, {end_offset(), end_offset(), 0, -1});
    const bool is_gone =
        !files_.exists(left_over.log_path()) || files_.remove(left_over.log_path()).ok();
    return is_gone && may_pass(next.error()) ? refuse_for_now(next.error()) : stop(next.error());
  }
  segments_.roll(std::move(next).value());
  ++segments_begun_;
  checkpoint_due_ = true;
  return {};
}

Status Log::write(const wire::RecordBatchView& batch) {
  const BatchHeader header{batch.base_offset(), batch.last_offset(), batch.size_bytes(),
                           batch.max_timestamp_ms()};
  if (segments_.active().extent().size_bytes == 0) active_since_ms_ = clock_.steady_ms();
  const auto written = segments_.append(batch.bytes(), header);
  if (written.ok()) return written;
  const auto cut = segments_.active().cut_to_end();
  return cut.ok() && may_pass(written.error()) ? refuse_for_now(written.error())
                                               : stop(written.error());
}

bool Log::needs_sync() const {
  return !stopped_ &&
         (durable_.offset < end_offset() || segments_synced_ < segments_begun_ || swap_);
}

LogSync Log::start_sync() {
  HAIL_CHECK(!sync_running_);
  sync_running_ = true;
  LogSync::Plan plan;
  plan.files = &files_;
  plan.folder = folder_;
  // Cannot fail: recovery, create() or append() opened the active segment's file.
  plan.file = segments_.active().file().value();
  plan.folder_changed = segments_synced_ < segments_begun_;
  if (checkpoint_due_ || swap_) plan.checkpoint = render_checkpoint();
  plan.swap = swap_;
  plan.end = end();
  plan.segments_begun = segments_begun_;
  checkpoint_due_ = false;
  return LogSync(std::move(plan));
}

Status Log::finish_sync(const LogSync& sync) {
  sync_running_ = false;
  const Status& outcome = sync.outcome();
  if (!outcome.ok() && outcome.error().is(StorageErrc::out_of_resources) && !stopped_) {
    // The folder could not be opened, after its file was synced. The next sync does it all again.
    checkpoint_due_ = checkpoint_due_ || !sync.plan().checkpoint.empty();
    return outcome.error();
  }
  if (!outcome.ok()) return stop(outcome.error());
  if (stopped_) return *stopped_;
  // make_durable() may have been further since.
  if (sync.plan().end.offset > durable_.offset) durable_ = sync.plan().end;
  segments_synced_ = std::max(segments_synced_, sync.plan().segments_begun);
  if (!sync.has_ended_swap()) return {};
  swap_.reset();
  return is_compacting_ ? Status() : end_compaction();
}

Status Log::sync() {
  LogSync sync = start_sync();
  sync.run();
  return finish_sync(sync);
}

Result<StoredBytes> Log::read(int64_t offset, int64_t max_bytes, const LogPosition& visible_end) {
  if (offset < start_offset() || offset > end_offset())
    return Error(StorageErrc::out_of_range, fmt::format("offset {} is outside {} to {}", offset,
                                                        start_offset(), end_offset()));
  if (offset >= visible_end.offset) return StoredBytes{};
  HAIL_ASSIGN_OR_RETURN(StoredBytes read, read_segment(offset, max_bytes, visible_end));
  // A client may take a response without a record for one that was cut off: librdkafka fails after
  // some of them.
  auto end = end_without_records(read.bytes);
  for (int i = 0; end && *end < visible_end.offset && i < kMostSegmentsWithoutRecords; ++i) {
    HAIL_ASSIGN_OR_RETURN(const StoredBytes more, read_segment(*end, max_bytes, visible_end));
    end = end_without_records(more.bytes);
    read = joined(read, more);
  }
  return read;
}

Result<StoredBytes> Log::read_segment(int64_t offset, int64_t max_bytes,
                                      const LogPosition& visible_end) {
  const size_t number = segments_.number_of(offset);
  Segment& segment = segments_.at(number);
  HAIL_ASSIGN_OR_RETURN(const auto file, segments_.file_of(number));
  const uint64_t limit = visible_bytes(segment.extent(), visible_end);
  HAIL_ASSIGN_OR_RETURN(const uint64_t start, segment.find(offset, limit));
  return read_batches({*file, segment.extent(), segment.log_path()}, start, limit, max_bytes);
}

Result<std::optional<TimedOffset>> Log::offset_at(int64_t timestamp_ms,
                                                  const LogPosition& visible_end) {
  for (size_t i = 0; i < segments_.count(); ++i) {
    Segment& segment = segments_.at(i);
    const uint64_t limit = visible_bytes(segment.extent(), visible_end);
    if (limit == 0) break;
    if (segment.extent().end_offset <= start_offset()) continue;
    if (segment.extent().max_timestamp_ms < timestamp_ms) continue;
    HAIL_ASSIGN_OR_RETURN(const auto found, offset_in(i, timestamp_ms, limit));
    if (found) return found;
  }
  return std::optional<TimedOffset>();
}

Result<std::optional<TimedOffset>> Log::offset_in(size_t number, int64_t timestamp_ms,
                                                  uint64_t limit) {
  Segment& segment = segments_.at(number);
  HAIL_ASSIGN_OR_RETURN(const auto file, segments_.file_of(number));
  for (int64_t from = start_offset();;) {
    HAIL_ASSIGN_OR_RETURN(const auto batch, segment.find_time(timestamp_ms, from, limit));
    if (!batch) return std::optional<TimedOffset>();
    HAIL_ASSIGN_OR_RETURN(const auto found,
                          first_record_since({*file, segment.extent(), segment.log_path()}, *batch,
                                             timestamp_ms, start_offset()));
    if (found) return found;
    from = batch->header.last_offset + 1;  // only records before the start are so young
  }
}

Result<int64_t> Log::max_timestamp_ms() {
  int64_t youngest_ms = -1;
  for (size_t i = 0; i < segments_.count(); ++i) {
    Segment& segment = segments_.at(i);
    const auto& extent = segment.extent();
    if (extent.base_offset >= start_offset()) {
      youngest_ms = std::max(youngest_ms, extent.max_timestamp_ms);
    } else if (extent.end_offset > start_offset()) {
      HAIL_ASSIGN_OR_RETURN(const auto file, segments_.file_of(i));
      HAIL_ASSIGN_OR_RETURN(
          const int64_t in_rest_ms,
          max_timestamp_from({*file, extent, segment.log_path()}, start_offset()));
      youngest_ms = std::max(youngest_ms, in_rest_ms);
    }
  }
  return youngest_ms;
}

Result<std::optional<TimedOffset>> Log::youngest(const LogPosition& visible_end) {
  HAIL_ASSIGN_OR_RETURN(const int64_t youngest_ms, max_timestamp_ms());
  return offset_at(youngest_ms, visible_end);
}

Status Log::enforce_retention(int64_t high_watermark) {
  producers_.expire(clock_.steady_ms() - ProducerState::kExpiryMs);
  return drop_first(count_expired(segments_, config_, files_, clock_.wall_ms(), high_watermark));
}

Status Log::drop_before(int64_t offset) { return drop_first(segments_.count_before(offset)); }

Status Log::delete_before(int64_t offset) {
  if (stopped_) return *stopped_;
  if (offset <= start_offset()) return {};
  const bool is_all = offset == end_offset() && segments_.active().extent().size_bytes > 0;
  // So that the start is never where a segment ends: recovery could not know whether the next one
  // is missing.
  if (is_all) HAIL_RETURN_IF_ERROR(roll());
  // Otherwise the start could lie beyond the log that a power cut leaves.
  if (is_all || offset > durable_.offset) HAIL_RETURN_IF_ERROR(make_durable());
  // Into both lines of the file: with one of them damaged the records would be there again.
  HAIL_RETURN_IF_ERROR(partition_.move_start(offset));
  HAIL_RETURN_IF_ERROR(partition_.move_start(offset));
  // A compaction reads them: then the next retention removes them.
  return is_compacting_ || swap_ ? Status() : segments_.remove_before(offset);
}

Status Log::drop_first(size_t count) {
  if (stopped_) count = 0;
  if (is_compacting_ || swap_) {  // which reads them; they go when it is over
    drop_wanted_to_ = std::max(drop_wanted_to_, segments_.extent(count).base_offset);
    return {};
  }
  const int64_t start = segments_.extent(count).base_offset;
  // The start is durable first: otherwise a power cut could leave a log without segments that its
  // start still promises. The next recovery removes files that remain before the start.
  if (start > partition_.start()) HAIL_RETURN_IF_ERROR(partition_.move_start(start));
  return segments_.remove_before(partition_.start());
}

std::optional<Error> Log::failure() const {
  if (stopped_ || !refused_) return stopped_;
  // Nothing reports that there are descriptors or memory again: after a while only an append can
  // show.
  const bool is_over = refused_->is(StorageErrc::out_of_resources) &&
                       clock_.steady_ms() - refused_ms_ >= kRefusalShownMs;
  return is_over ? std::nullopt : refused_;
}

void Log::fence_producer(int64_t producer_id, int16_t below_epoch) {
  producers_.fence(producer_id, below_epoch, clock_.steady_ms());
}

std::string Log::render_checkpoint() const {
  Checkpoint checkpoint;
  checkpoint.partition = file_names::last_part(folder_);
  checkpoint.end_offset = end_offset();
  checkpoint.has_forgotten = producers_.has_forgotten();
  checkpoint.compacted_to = compacted_to_;
  for (size_t i = 0; i < segments_.count(); ++i) {
    const auto& extent = segments_.extent(i);
    checkpoint.segments.push_back({extent.base_offset, extent.size_bytes, extent.max_timestamp_ms});
  }
  checkpoint.producers.assign(producers_.producers().begin(), producers_.producers().end());
  return encode(checkpoint);
}

Status Log::close() {
  if (closed_) return {};
  if (stopped_) return *stopped_;
  checkpoint_due_ = true;
  segments_.active().close_indexes();
  HAIL_RETURN_IF_ERROR(sync());
  is_compacting_ = false;
  closed_ = true;
  stopped_ = Error(StorageErrc::stopped, "closed");
  return {};
}

}  // namespace hailstorm::storage

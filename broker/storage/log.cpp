#include "broker/storage/log.h"

#include <algorithm>
#include <fmt/format.h>

#include "broker/storage/checkpoint.h"
#include "broker/storage/file_names.h"
#include "broker/storage/recovery_point.h"
#include "broker/storage/whole_file.h"
#include "common/base/logging.h"

namespace hailstorm::storage {
namespace {

constexpr int64_t kRefusalShownMs = 1'000;

Error invalid(const std::string& why) { return Error(StorageErrc::invalid, why); }

/// What the header says, and whether `times`, those of the records, bear it out.
Status check_timestamps(const wire::RecordBatchView& batch, const wire::RecordTimes& times,
                        int64_t now_ms) {
  const int64_t first_ms = batch.base_timestamp_ms();
  const int64_t youngest_ms = batch.max_timestamp_ms();
  if (youngest_ms < 0)
    return Error(StorageErrc::invalid_timestamp,
                 fmt::format("timestamp {} is before 1970", youngest_ms));
  if (youngest_ms > now_ms + Log::kTimestampAheadMaxMs)
    return Error(StorageErrc::invalid_timestamp,
                 fmt::format("timestamp {} is more than an hour ahead of the broker's clock, {}; "
                             "correct the clock that is wrong, or the record's time",
                             youngest_ms, now_ms));
  if (first_ms < 0 || first_ms > youngest_ms)
    return invalid(
        fmt::format("first timestamp {} is before 1970 or after the batch's youngest, {}", first_ms,
                    youngest_ms));
  if (times.oldest_ms < 0)
    return invalid(fmt::format("a record's timestamp {} is before 1970", times.oldest_ms));
  // Retention and the time index go by the header's.
  if (times.youngest_ms != youngest_ms)
    return invalid(
        fmt::format("the batch says that its youngest record is of {}, but that is of {}",
                    youngest_ms, times.youngest_ms));
  return {};
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
      producers_(std::move(recovered.producers)) {
  for (const auto& segment : segments_)
    size_bytes_ += static_cast<int64_t>(segment->extent().size_bytes);
  durable_ = end();  // recovery synced what it walked
}

LogPosition Log::end() const {
  const auto& extent = active().extent();
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

Result<wire::RecordBatchView> Log::check(Bytes bytes) const {
  if (bytes.size() > static_cast<size_t>(config_.max_batch_bytes))
    return Error(
        StorageErrc::too_large,
        fmt::format("a batch of {} bytes is too large for {}, which takes up to {} "
                    "(max_batch_bytes): send smaller records, or make the topic again "
                    "with a larger limit",
                    bytes.size(), file_names::last_part(folder_), config_.max_batch_bytes));
  HAIL_ASSIGN_OR_RETURN(const auto batch, wire::RecordBatchView::parse(bytes));
  if (batch.size_bytes() != bytes.size()) return invalid("bytes after the batch");
  if (batch.attributes() != 0)
    return invalid("attributes " + std::to_string(batch.attributes()) +
                   ", of which a producer may set none");
  // What lies inside under a right CRC would stop every reader here.
  HAIL_ASSIGN_OR_RETURN(const wire::RecordTimes times, wire::check_records(batch));
  HAIL_RETURN_IF_ERROR(check_timestamps(batch, times, clock_.wall_ms()));
  const bool is_sequenced = batch.producer_id() >= 0;
  if (is_sequenced && (batch.producer_epoch() < 0 || batch.base_sequence() < 0))
    return invalid("a producer id without epoch or sequence");
  if (!is_sequenced && batch.base_sequence() >= 0) return invalid("a sequence without producer id");
  return batch;
}

Result<Appended> Log::append(MutableBytes bytes, int32_t leader_epoch) {
  if (stopped_) return Error(StorageErrc::stopped, folder_ + ": " + stopped_->message());
  HAIL_ASSIGN_OR_RETURN(const wire::RecordBatchView batch, check(bytes));
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
  if (end_offset() > INT64_MAX - 2 * int64_t{INT32_MAX}) return invalid("no offset is left");
  if (active().has_room(batch.size_bytes(), batch.record_count(), config_.segment_bytes)) return {};
  return roll();
}

Status Log::roll() {
  HAIL_ASSIGN_OR_RETURN(const auto file, active().file());
  if (const auto synced = file->sync(); !synced.ok()) return stop(synced.error());
  if (segments_synced_ < segments_begun_) {
    // The next segment must not survive a power cut that takes this one's name.
    if (const auto named = files_.sync_folder(folder_); !named.ok()) {
      return named.error().is(StorageErrc::out_of_resources) ? refuse_for_now(named.error())
                                                             : stop(named.error());
    }
    segments_synced_ = segments_begun_;
  }
  auto next = Segment::create(files_, folder_, end_offset());
  if (!next.ok()) {
    // An empty file of this name must not stay: the active segment may yet grow past its offset.
    const Segment left_over(files_, folder_, {end_offset(), end_offset(), 0, -1});
    const bool is_gone =
        !files_.exists(left_over.log_path()) || files_.remove(left_over.log_path()).ok();
    return is_gone && may_pass(next.error()) ? refuse_for_now(next.error()) : stop(next.error());
  }
  active().close_indexes();
  active().drop_indexes();
  active().close_file();
  segments_.push_back(std::move(next).value());
  ++segments_begun_;
  checkpoint_due_ = true;
  return {};
}

Status Log::write(const wire::RecordBatchView& batch) {
  const BatchHeader header{batch.base_offset(), batch.last_offset(), batch.size_bytes(),
                           batch.max_timestamp_ms()};
  const auto written = active().append(batch.bytes(), header);
  if (written.ok()) {
    size_bytes_ += static_cast<int64_t>(batch.size_bytes());
    return {};
  }
  const auto cut = active().cut_to_end();
  return cut.ok() && may_pass(written.error()) ? refuse_for_now(written.error())
                                               : stop(written.error());
}

bool Log::needs_sync() const {
  return !stopped_ && (durable_.offset < end_offset() || segments_synced_ < segments_begun_);
}

LogSync Log::start_sync() {
  HAIL_CHECK(!sync_running_);
  sync_running_ = true;
  LogSync::Plan plan;
  plan.files = &files_;
  plan.folder = folder_;
  // Cannot fail: recovery, create() or append() opened the active segment's file.
  plan.file = active().file().value();
  plan.folder_changed = segments_synced_ < segments_begun_;
  if (checkpoint_due_) plan.checkpoint = render_checkpoint();
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
  durable_ = sync.plan().end;
  segments_synced_ = std::max(segments_synced_, sync.plan().segments_begun);
  return {};
}

Status Log::sync() {
  LogSync sync = start_sync();
  sync.run();
  return finish_sync(sync);
}

std::optional<Error> Log::failure() const {
  if (stopped_ || !refused_) return stopped_;
  // Nobody says when there are descriptors or memory again: after a while only an append can show.
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
  for (const auto& segment : segments_) {
    const auto& extent = segment->extent();
    checkpoint.segments.push_back({extent.base_offset, extent.size_bytes, extent.max_timestamp_ms});
  }
  checkpoint.producers.assign(producers_.producers().begin(), producers_.producers().end());
  return encode(checkpoint);
}

Status Log::close() {
  if (closed_) return {};
  if (stopped_) return *stopped_;
  checkpoint_due_ = true;
  active().close_indexes();
  HAIL_RETURN_IF_ERROR(sync());
  closed_ = true;
  stopped_ = Error(StorageErrc::stopped, "closed");
  return {};
}

}  // namespace hailstorm::storage

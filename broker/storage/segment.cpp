#include "broker/storage/segment.h"

#include <algorithm>
#include <limits>

#include "broker/storage/file_names.h"
#include "common/wire/record_batch_format.h"

namespace hailstorm::storage {
namespace {

// Positions are u32 on disk; Kafka reads both them and relative offsets as signed.
constexpr uint64_t kMaxSegmentBytes = std::numeric_limits<int32_t>::max();
constexpr int64_t kMaxRelativeOffset = std::numeric_limits<int32_t>::max();

constexpr size_t kUnsavedEntriesMax = 64;

}  // namespace

Segment::Segment(FileSystem& files, const std::string& folder, const Extent& extent)
    : files_(files), folder_(folder), extent_(extent) {}

Result<std::unique_ptr<Segment>> Segment::create(FileSystem& files, const std::string& folder,
                                                 int64_t base_offset) {
  auto segment = std::make_unique<Segment>(files, folder, Extent{base_offset, base_offset, 0, -1});
  HAIL_ASSIGN_OR_RETURN(segment->file_, files.open(segment->log_path(), FileSystem::Mode::create));
  HAIL_RETURN_IF_ERROR(segment->file_->truncate(0));
  segment->begin_indexes();
  segment->save_indexes();
  return segment;
}

std::string Segment::path(std::string_view suffix) const {
  return folder_ + "/" + file_names::segment_file(extent_.base_offset, suffix);
}

std::string Segment::log_path() const { return path(file_names::kLog); }

Result<std::shared_ptr<File>> Segment::file() {
  if (!file_) {
    HAIL_ASSIGN_OR_RETURN(file_, files_.open(log_path(), FileSystem::Mode::read_write));
  }
  return file_;
}

bool Segment::has_room(uint64_t batch_bytes, int32_t record_count,
                       int64_t segment_bytes) const noexcept {
  if (extent_.size_bytes == 0) return true;
  const uint64_t most = std::min(static_cast<uint64_t>(segment_bytes), kMaxSegmentBytes);
  return extent_.size_bytes + batch_bytes <= most &&
         extent_.end_offset - extent_.base_offset <= kMaxRelativeOffset - record_count;
}

Status Segment::append(Bytes batch, const BatchHeader& header) {
  HAIL_ASSIGN_OR_RETURN(const auto log, file());
  HAIL_RETURN_IF_ERROR(log->write_at(extent_.size_bytes, batch));
  note(header);
  if (offsets_.unsaved() >= kUnsavedEntriesMax) save_indexes();
  return {};
}

Status Segment::cut_to_end() {
  HAIL_ASSIGN_OR_RETURN(const auto log, file());
  return log->truncate(extent_.size_bytes);
}

void Segment::note(const BatchHeader& header) {
  index_batch(header, extent_.size_bytes);
  extent_.end_offset = header.last_offset + 1;
  extent_.size_bytes += header.size_bytes;
  extent_.max_timestamp_ms = std::max(extent_.max_timestamp_ms, header.max_timestamp_ms);
}

uint32_t Segment::relative(int64_t offset) const noexcept {
  return static_cast<uint32_t>(offset - extent_.base_offset);
}

void Segment::index_batch(const BatchHeader& header, uint64_t position) {
  if (header.max_timestamp_ms > indexed_max_timestamp_ms_) {
    indexed_max_timestamp_ms_ = header.max_timestamp_ms;
    indexed_max_offset_ = relative(header.last_offset);
  }
  if (unindexed_bytes_ > kIndexIntervalBytes) {
    offsets_.add({relative(header.last_offset), static_cast<uint32_t>(position)});
    const TimeEntry youngest{indexed_max_timestamp_ms_, indexed_max_offset_};
    if (times_.entries().empty() || times_.entries().back().before(youngest)) times_.add(youngest);
    unindexed_bytes_ = 0;
  }
  unindexed_bytes_ += header.size_bytes;
}

void Segment::save_indexes() {
  // Ignored: what the files lack is made again from the log when they are loaded.
  static_cast<void>(offsets_.save(files_, path(file_names::kOffsetIndex)).ok());
  static_cast<void>(times_.save(files_, path(file_names::kTimeIndex)).ok());
}

void Segment::close_indexes() {
  if (!indexes_loaded_) return;
  const TimeEntry youngest{indexed_max_timestamp_ms_, indexed_max_offset_};
  if (extent_.size_bytes > 0 &&
      (times_.entries().empty() || times_.entries().back().before(youngest)))
    times_.add(youngest);
  save_indexes();
}

void Segment::drop_indexes() {
  offsets_ = {};
  times_ = {};
  indexes_loaded_ = false;
}

Status Segment::remove_files() {
  HAIL_RETURN_IF_ERROR(files_.remove(log_path()));
  for (const auto suffix : {file_names::kOffsetIndex, file_names::kTimeIndex}) {
    // One that stays costs only room: the next recovery removes what has no log.
    if (files_.exists(path(suffix))) static_cast<void>(files_.remove(path(suffix)).ok());
  }
  return {};
}

}  // namespace hailstorm::storage

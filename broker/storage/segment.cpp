#include "broker/storage/segment.h"

#include <algorithm>
#include <limits>

#include "broker/storage/file_names.h"

namespace hailstorm::storage {
namespace {

// Positions are u32 on disk; Kafka reads both them and relative offsets as signed.
constexpr uint64_t kMaxSegmentBytes = std::numeric_limits<int32_t>::max();
constexpr int64_t kMaxRelativeOffset = std::numeric_limits<int32_t>::max();

}  // namespace

Segment::Segment(FileSystem& files, const std::string& folder, const Extent& extent)
    : files_(files),
      log_path_(folder + "/" + file_names::segment_file(extent.base_offset, file_names::kLog)),
      extent_(extent),
      indexes_(files, folder, extent.base_offset) {}

Result<std::unique_ptr<Segment>> Segment::create(FileSystem& files, const std::string& folder,
                                                 int64_t base_offset) {
  auto segment = std::make_unique<Segment>(files, folder, Extent{base_offset, base_offset, 0, -1});
  HAIL_ASSIGN_OR_RETURN(segment->file_, files.open(segment->log_path(), FileSystem::Mode::create));
  HAIL_RETURN_IF_ERROR(segment->file_->truncate(0));
  segment->begin_indexes();
  segment->save_indexes();
  return segment;
}

Result<std::shared_ptr<File>> Segment::file() {
  if (!file_) {
    HAIL_ASSIGN_OR_RETURN(file_, files_.open(log_path_, FileSystem::Mode::read_write));
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
  indexes_.save_when_worthwhile();
  return {};
}

Status Segment::cut_to_end() {
  HAIL_ASSIGN_OR_RETURN(const auto log, file());
  return log->truncate(extent_.size_bytes);
}

void Segment::note(const BatchHeader& header) {
  indexes_.note(header, extent_.size_bytes);
  extent_.end_offset = header.last_offset + 1;
  extent_.size_bytes += header.size_bytes;
  extent_.max_timestamp_ms = std::max(extent_.max_timestamp_ms, header.max_timestamp_ms);
}

Result<uint64_t> Segment::find(int64_t offset, uint64_t limit) {
  HAIL_ASSIGN_OR_RETURN(const auto log, file());
  return indexes_.find({*log, extent_, log_path_}, offset, limit);
}

Result<std::optional<FoundBatch>> Segment::find_time(int64_t timestamp_ms, int64_t from_offset,
                                                     uint64_t limit) {
  HAIL_ASSIGN_OR_RETURN(const auto log, file());
  return indexes_.find_time({*log, extent_, log_path_}, timestamp_ms, from_offset, limit);
}

Status Segment::load_indexes() {
  HAIL_ASSIGN_OR_RETURN(const auto log, file());
  return indexes_.load({*log, extent_, log_path_});
}

Status Segment::remove_files() {
  HAIL_RETURN_IF_ERROR(files_.remove(log_path_));
  indexes_.remove_files();
  return {};
}

}  // namespace hailstorm::storage

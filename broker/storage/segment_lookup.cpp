#include <algorithm>

#include "broker/storage/file_names.h"
#include "broker/storage/segment.h"
#include "common/wire/record_batch_format.h"

/// The half of Segment that finds batches through the indexes and repairs these.
namespace hailstorm::storage {
namespace {

constexpr size_t kLookupChunkBytes = 4096;
constexpr size_t kRebuildChunkBytes = 64 << 10;

Error no_batch_at(const std::string& path, uint64_t position) {
  return Error(StorageErrc::corrupt, path + " holds no batch at byte " + std::to_string(position) +
                                         " where one was written; look at it with 'hail dump'");
}

}  // namespace

Result<BatchHeader> Segment::header_at(FileWindow& window, uint64_t position) {
  HAIL_ASSIGN_OR_RETURN(const Bytes bytes, window.at(position, wire::batch_format::kHeaderBytes));
  const auto header = parse_header(bytes);
  if (!header || header->size_bytes > extent_.size_bytes - position)
    return no_batch_at(log_path(), position);
  return *header;
}

Result<BatchHeader> Segment::header_after(FileWindow& window, uint64_t position,
                                          int64_t& expected) {
  HAIL_ASSIGN_OR_RETURN(const BatchHeader header, header_at(window, position));
  if (expected >= 0 && header.base_offset != expected) return no_batch_at(log_path(), position);
  expected = header.last_offset + 1;
  return header;
}

Result<bool> Segment::ends_with(uint64_t position, uint32_t offset) {
  if (position >= extent_.size_bytes) return false;
  HAIL_ASSIGN_OR_RETURN(const auto log, file());
  FileWindow window(*log, wire::batch_format::kHeaderBytes);
  const auto header = header_at(window, position);
  if (!header.ok() && !header.error().is(StorageErrc::corrupt)) return header.error();
  return header.ok() && header->last_offset == extent_.base_offset + int64_t{offset};
}

Status Segment::load_indexes() {
  if (indexes_loaded_) return {};
  offsets_.load(files_, path(file_names::kOffsetIndex));
  times_.load(files_, path(file_names::kTimeIndex));
  if (offsets_.entries().empty() || times_.entries().empty()) return rebuild_indexes();

  // The younger half of the index that is ahead is made again, so that both end at the same batch.
  const uint32_t timed_to = times_.entries().back().offset;
  const auto& entries = offsets_.entries();
  const auto ahead = std::upper_bound(
      entries.begin(), entries.end(), timed_to,
      [](uint32_t offset, const OffsetEntry& entry) { return offset < entry.offset; });
  offsets_.cut(static_cast<size_t>(ahead - entries.begin()));
  if (offsets_.entries().empty()) return rebuild_indexes();

  const OffsetEntry last = offsets_.entries().back();
  HAIL_ASSIGN_OR_RETURN(const bool is_true, ends_with(last.position, last.offset));
  if (!is_true) return rebuild_indexes();
  indexed_max_timestamp_ms_ = times_.entries().back().timestamp_ms;
  indexed_max_offset_ = timed_to;
  return index_from(last.position);
}

Status Segment::rebuild_indexes() {
  offsets_.cut(0);
  times_.cut(0);
  indexed_max_timestamp_ms_ = -1;
  indexed_max_offset_ = 0;
  return index_from(0);
}

Status Segment::index_from(uint64_t position) {
  HAIL_ASSIGN_OR_RETURN(const auto log, file());
  FileWindow window(*log, kRebuildChunkBytes);
  unindexed_bytes_ = 0;  // as behind an entry, and as at the start
  int64_t expected = expected_at(position);
  while (position < extent_.size_bytes) {
    HAIL_ASSIGN_OR_RETURN(const BatchHeader header, header_after(window, position, expected));
    index_batch(header, position);
    position += header.size_bytes;
  }
  indexes_loaded_ = true;
  if (offsets_.unsaved() > 0 || times_.unsaved() > 0) save_indexes();
  return {};
}

Result<uint64_t> Segment::start_of_search(uint32_t offset) {
  HAIL_RETURN_IF_ERROR(load_indexes());
  for (;;) {
    const auto& entries = offsets_.entries();
    const auto after = std::upper_bound(
        entries.begin(), entries.end(), offset,
        [](uint32_t wanted, const OffsetEntry& entry) { return wanted < entry.offset; });
    if (after == entries.begin()) return uint64_t{0};
    const OffsetEntry entry = *(after - 1);
    HAIL_ASSIGN_OR_RETURN(const bool is_true, ends_with(entry.position, entry.offset));
    if (is_true) return uint64_t{entry.position};
    HAIL_RETURN_IF_ERROR(rebuild_indexes());
  }
}

Result<uint64_t> Segment::find(int64_t offset, uint64_t limit) {
  HAIL_ASSIGN_OR_RETURN(uint64_t position, start_of_search(relative(offset)));
  HAIL_ASSIGN_OR_RETURN(const auto log, file());
  FileWindow window(*log, kLookupChunkBytes);
  int64_t expected = expected_at(position);
  while (position < limit) {
    HAIL_ASSIGN_OR_RETURN(const BatchHeader header, header_after(window, position, expected));
    if (header.base_offset > offset) break;
    if (header.last_offset >= offset) return position;
    position += header.size_bytes;
  }
  return Error(StorageErrc::corrupt, log_path() + " does not hold offset " +
                                         std::to_string(offset) + " before byte " +
                                         std::to_string(position));
}

Result<uint64_t> Segment::start_of_search(int64_t timestamp_ms) {
  HAIL_RETURN_IF_ERROR(load_indexes());
  for (;;) {
    const auto& entries = times_.entries();
    const auto after = std::lower_bound(
        entries.begin(), entries.end(), timestamp_ms,
        [](const TimeEntry& entry, int64_t wanted) { return entry.timestamp_ms < wanted; });
    if (after == entries.begin()) return uint64_t{0};
    const TimeEntry entry = *(after - 1);
    const int64_t offset = extent_.base_offset + int64_t{entry.offset};
    if (offset < extent_.end_offset) {
      HAIL_ASSIGN_OR_RETURN(const uint64_t position, find(offset, extent_.size_bytes));
      HAIL_ASSIGN_OR_RETURN(const auto log, file());
      FileWindow window(*log, wire::batch_format::kHeaderBytes);
      HAIL_ASSIGN_OR_RETURN(const BatchHeader header, header_at(window, position));
      if (header.last_offset == offset && header.max_timestamp_ms == entry.timestamp_ms)
        return position;
    }
    HAIL_RETURN_IF_ERROR(rebuild_indexes());
  }
}

Result<std::optional<Segment::Found>> Segment::find_time(int64_t timestamp_ms, uint64_t limit) {
  HAIL_ASSIGN_OR_RETURN(uint64_t position, start_of_search(timestamp_ms));
  HAIL_ASSIGN_OR_RETURN(const auto log, file());
  FileWindow window(*log, kLookupChunkBytes);
  int64_t expected = expected_at(position);
  while (position < limit) {
    HAIL_ASSIGN_OR_RETURN(const BatchHeader header, header_after(window, position, expected));
    if (header.max_timestamp_ms >= timestamp_ms)
      return std::optional<Found>(Found{position, header});
    position += header.size_bytes;
  }
  return std::optional<Found>();
}

}  // namespace hailstorm::storage

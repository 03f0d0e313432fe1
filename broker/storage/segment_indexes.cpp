#include "broker/storage/segment_indexes.h"

#include <algorithm>
#include <fmt/format.h>

#include "broker/storage/file_names.h"

namespace hailstorm::storage {
namespace {

constexpr size_t kLookupChunkBytes = 4096;
constexpr size_t kRebuildChunkBytes = 64 << 10;
constexpr size_t kUnsavedEntriesMax = 64;

std::string index_path(const std::string& folder, int64_t base_offset, std::string_view suffix) {
  return folder + "/" + file_names::segment_file(base_offset, suffix);
}

}  // namespace

SegmentIndexes::SegmentIndexes(FileSystem& files, const std::string& folder, int64_t base_offset)
    : files_(files),
      base_offset_(base_offset),
      offsets_path_(index_path(folder, base_offset, file_names::kOffsetIndex)),
      times_path_(index_path(folder, base_offset, file_names::kTimeIndex)) {}

void SegmentIndexes::note(const BatchHeader& header, uint64_t position) {
  if (header.max_timestamp_ms > max_timestamp_ms_) {
    max_timestamp_ms_ = header.max_timestamp_ms;
    max_timestamp_offset_ = relative(header.last_offset);
  }
  if (unindexed_bytes_ > kIndexIntervalBytes) {
    offsets_.add({relative(header.last_offset), static_cast<uint32_t>(position)});
    add_time();
    unindexed_bytes_ = 0;
  }
  unindexed_bytes_ += header.size_bytes;
}

void SegmentIndexes::add_time() {
  // While no batch has a time, as after compaction, there is none that an entry could point to.
  if (max_timestamp_ms_ >= 0) times_.add_if_after({max_timestamp_ms_, max_timestamp_offset_});
}

void SegmentIndexes::save() {
  // Ignored: what the files lack is made again from the log when they are loaded.
  static_cast<void>(offsets_.save(files_, offsets_path_).ok());
  static_cast<void>(times_.save(files_, times_path_).ok());
}

void SegmentIndexes::save_when_worthwhile() {
  if (offsets_.unsaved() >= kUnsavedEntriesMax) save();
}

void SegmentIndexes::close(const SegmentExtent& extent) {
  if (!is_loaded_) return;
  if (extent.size_bytes > 0) add_time();
  save();
}

void SegmentIndexes::drop() {
  offsets_ = {};
  times_ = {};
  is_loaded_ = false;
}

void SegmentIndexes::remove_files() {
  for (const auto& path : {offsets_path_, times_path_}) {
    if (files_.exists(path)) static_cast<void>(files_.remove(path).ok());
  }
}

Status SegmentIndexes::load(const SegmentLog& log) {
  if (is_loaded_) return {};
  offsets_.load(files_, offsets_path_);
  times_.load(files_, times_path_);
  if (offsets_.entries().empty() || times_.entries().empty()) return rebuild(log);

  // The younger half of the index that is ahead is made again, so that both end at the same batch.
  const uint32_t timed_to = times_.entries().back().offset;
  const auto& entries = offsets_.entries();
  const auto ahead = std::upper_bound(
      entries.begin(), entries.end(), timed_to,
      [](uint32_t offset, const OffsetEntry& entry) { return offset < entry.offset; });
  offsets_.cut(static_cast<size_t>(ahead - entries.begin()));
  if (offsets_.entries().empty()) return rebuild(log);

  const OffsetEntry last = offsets_.entries().back();
  HAIL_ASSIGN_OR_RETURN(const bool is_last_true, is_true(log, last));
  if (!is_last_true) return rebuild(log);
  max_timestamp_ms_ = times_.entries().back().timestamp_ms;
  max_timestamp_offset_ = timed_to;
  return index_from(log, last.position);
}

Status SegmentIndexes::rebuild(const SegmentLog& log) {
  offsets_.cut(0);
  times_.cut(0);
  max_timestamp_ms_ = -1;
  max_timestamp_offset_ = 0;
  return index_from(log, 0);
}

Status SegmentIndexes::index_from(const SegmentLog& log, uint64_t position) {
  unindexed_bytes_ = 0;  // as after an entry, and as at the start
  HeaderWalk walk(log, position, kRebuildChunkBytes);
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(const auto batch, walk.next(log.extent.size_bytes));
    if (!batch) break;
    note(batch->header, batch->position);
  }
  is_loaded_ = true;
  if (offsets_.unsaved() > 0 || times_.unsaved() > 0) save();
  return {};
}

Result<bool> SegmentIndexes::is_true(const SegmentLog& log, const OffsetEntry& entry) const {
  const auto batch = batch_at(log, entry.position);
  if (!batch.ok() && !batch.error().is(StorageErrc::corrupt)) return batch.error();
  return batch.ok() && batch->header.last_offset == base_offset_ + int64_t{entry.offset};
}

Result<uint64_t> SegmentIndexes::start_of_search(const SegmentLog& log, int64_t offset) {
  HAIL_RETURN_IF_ERROR(load(log));
  for (;;) {
    const auto& entries = offsets_.entries();
    const auto after = std::upper_bound(
        entries.begin(), entries.end(), relative(offset),
        [](uint32_t wanted, const OffsetEntry& entry) { return wanted < entry.offset; });
    if (after == entries.begin()) return uint64_t{0};
    const OffsetEntry entry = *(after - 1);
    HAIL_ASSIGN_OR_RETURN(const bool is_entry_true, is_true(log, entry));
    if (is_entry_true) return uint64_t{entry.position};
    HAIL_RETURN_IF_ERROR(rebuild(log));
  }
}

Result<uint64_t> SegmentIndexes::find(const SegmentLog& log, int64_t offset, uint64_t limit) {
  HAIL_ASSIGN_OR_RETURN(const uint64_t start, start_of_search(log, offset));
  HeaderWalk walk(log, start, kLookupChunkBytes);
  for (;;) {
    const uint64_t position = walk.position();
    HAIL_ASSIGN_OR_RETURN(const auto batch, walk.next(limit));
    if (!batch || batch->header.base_offset > offset)
      return Error(StorageErrc::corrupt, fmt::format("{} does not hold offset {} before byte {}",
                                                     log.path, offset, position));
    if (batch->header.last_offset >= offset) return position;
  }
}

Result<uint64_t> SegmentIndexes::start_of_search_by_time(const SegmentLog& log,
                                                         int64_t timestamp_ms) {
  HAIL_RETURN_IF_ERROR(load(log));
  for (;;) {
    const auto& entries = times_.entries();
    const auto after = std::lower_bound(
        entries.begin(), entries.end(), timestamp_ms,
        [](const TimeEntry& entry, int64_t wanted) { return entry.timestamp_ms < wanted; });
    if (after == entries.begin()) return uint64_t{0};
    const TimeEntry entry = *(after - 1);
    const int64_t offset = base_offset_ + int64_t{entry.offset};
    if (offset < log.extent.end_offset) {
      HAIL_ASSIGN_OR_RETURN(const uint64_t position, find(log, offset, log.extent.size_bytes));
      HAIL_ASSIGN_OR_RETURN(const FoundBatch batch, batch_at(log, position));
      if (batch.header.last_offset == offset && batch.header.max_timestamp_ms == entry.timestamp_ms)
        return position;
    }
    HAIL_RETURN_IF_ERROR(rebuild(log));
  }
}

Result<std::optional<FoundBatch>> SegmentIndexes::find_time(const SegmentLog& log,
                                                            int64_t timestamp_ms,
                                                            int64_t from_offset, uint64_t limit) {
  HAIL_ASSIGN_OR_RETURN(uint64_t start, start_of_search_by_time(log, timestamp_ms));
  if (from_offset > base_offset_) {
    HAIL_ASSIGN_OR_RETURN(const uint64_t from, start_of_search(log, from_offset));
    start = std::max(start, from);
  }
  HeaderWalk walk(log, start, kLookupChunkBytes);
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(auto batch, walk.next(limit));
    if (!batch) return batch;
    const auto& header = batch->header;
    if (header.max_timestamp_ms >= timestamp_ms && header.last_offset >= from_offset) return batch;
  }
}

}  // namespace hailstorm::storage

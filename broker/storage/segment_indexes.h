#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "broker/storage/file_system.h"
#include "broker/storage/header_walk.h"
#include "broker/storage/sparse_index.h"

namespace hailstorm::storage {

/// The two indexes of a segment, by offset and by time. They are only a way to be fast: an entry is
/// checked against the batch that it points to, and wrong or missing ones are made again from the
/// log.
///
/// Thread safety: not safe. `files` must remain live while it is in use.
class SegmentIndexes {
 public:
  SegmentIndexes(FileSystem& files, const std::string& folder, int64_t base_offset);

  /// From here on the indexes in memory are complete: note() has seen every batch from the start.
  void begin() noexcept { is_loaded_ = true; }
  /// Adds the batch that was written at `position`, after all before it.
  void note(const BatchHeader& header, uint64_t position);

  /// The position of the batch that holds `offset`, looking only at bytes before `limit`.
  /// REQUIRES: it does. Errors: io, corrupt.
  [[nodiscard]] Result<uint64_t> find(const SegmentLog& log, int64_t offset, uint64_t limit);
  /// The first batch before `limit` that is as young as this time and ends at or after
  /// `from_offset`, or nothing. Errors: io, corrupt.
  [[nodiscard]] Result<std::optional<FoundBatch>> find_time(const SegmentLog& log,
                                                            int64_t timestamp_ms,
                                                            int64_t from_offset, uint64_t limit);

  /// Makes the indexes ready, so that note() can go on. Errors: io, corrupt.
  [[nodiscard]] Status load(const SegmentLog& log);
  /// Writes both files. An error is not passed on: the log does not need them.
  void save();
  /// Saves where enough entries are unsaved to be worth a write.
  void save_when_worthwhile();
  /// As save(), with the closing time entry that Kafka gives a segment it leaves. `extent` is that
  /// of the whole segment.
  void close(const SegmentExtent& extent);
  /// Forgets what is in memory; the next lookup loads it.
  void drop();
  /// Removes both files. One that cannot be removed is left to the next recovery.
  void remove_files();

 private:
  void add_time();
  [[nodiscard]] Status rebuild(const SegmentLog& log);
  [[nodiscard]] Status index_from(const SegmentLog& log, uint64_t position);
  [[nodiscard]] Result<uint64_t> start_of_search(const SegmentLog& log, int64_t offset);
  [[nodiscard]] Result<uint64_t> start_of_search_by_time(const SegmentLog& log,
                                                         int64_t timestamp_ms);
  [[nodiscard]] Result<bool> is_true(const SegmentLog& log, const OffsetEntry& entry) const;
  [[nodiscard]] uint32_t relative(int64_t offset) const noexcept {
    return static_cast<uint32_t>(offset - base_offset_);
  }

  FileSystem& files_;
  const int64_t base_offset_;
  const std::string offsets_path_;
  const std::string times_path_;

  bool is_loaded_ = false;
  OffsetIndex offsets_;
  TimeIndex times_;
  uint64_t unindexed_bytes_ = 0;       // since the last entry
  int64_t max_timestamp_ms_ = -1;      // of the batches that note() has seen
  uint32_t max_timestamp_offset_ = 0;  // last relative offset of the batch that has it
};

}  // namespace hailstorm::storage

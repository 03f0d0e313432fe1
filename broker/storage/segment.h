#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "broker/storage/file_system.h"
#include "broker/storage/header_walk.h"
#include "broker/storage/segment_indexes.h"

namespace hailstorm::storage {

/// One stretch of a partition's log: `BASE.log` and its two indexes.
///
/// Thread safety: not safe; but the file's sync() may run elsewhere.
class Segment {
 public:
  using Extent = SegmentExtent;

  /// A new, empty one. Neither file nor folder is synced.
  [[nodiscard]] static Result<std::unique_ptr<Segment>> create(FileSystem& files,
                                                               const std::string& folder,
                                                               int64_t base_offset);
  /// One that exists. Nothing is opened before it is needed. `files` must remain live while it is
  /// in use.
  Segment(FileSystem& files, const std::string& folder, const Extent& extent);

  [[nodiscard]] const Extent& extent() const noexcept { return extent_; }
  [[nodiscard]] const std::string& log_path() const noexcept { return log_path_; }

  /// The open log file, opened for reading and writing if it is not.
  [[nodiscard]] Result<std::shared_ptr<File>> file();
  void close_file() noexcept { file_.reset(); }

  /// Whether a batch of this size and count still has a place here under both formats' limits.
  [[nodiscard]] bool has_room(uint64_t batch_bytes, int32_t record_count,
                              int64_t segment_bytes) const noexcept;

  /// Writes the batch at the end. After an error the end is where it was, but bytes may lie after
  /// it.
  [[nodiscard]] Status append(Bytes batch, const BatchHeader& header);
  /// Removes what lies after the end.
  [[nodiscard]] Status cut_to_end();
  /// Extends what is known by the batch that stands at the end, as append() does: for recovery.
  void note(const BatchHeader& header);
  /// From here on the indexes in memory are complete: note() has seen every batch from the start.
  void begin_indexes() noexcept { indexes_.begin(); }

  /// The position of the batch that holds `offset`, looking only at bytes before `limit`.
  /// REQUIRES: it does. Errors: io, corrupt.
  [[nodiscard]] Result<uint64_t> find(int64_t offset, uint64_t limit);
  /// The first batch before `limit` that is as young as this time and ends at or after
  /// `from_offset`, or nothing. Errors: io, corrupt.
  [[nodiscard]] Result<std::optional<FoundBatch>> find_time(int64_t timestamp_ms,
                                                            int64_t from_offset, uint64_t limit);

  /// Makes the indexes ready, so that append() need not. Errors: io, corrupt.
  [[nodiscard]] Status load_indexes();
  void save_indexes() { indexes_.save(); }
  /// As save_indexes(), with the closing time entry that Kafka gives a segment it leaves.
  void close_indexes() { indexes_.close(extent_); }
  /// Forgets the indexes in memory; the next lookup loads them.
  void drop_indexes() { indexes_.drop(); }
  /// Removes the three files, the log first: an index without a log is removed by the next
  /// recovery.
  [[nodiscard]] Status remove_files();

 private:
  FileSystem& files_;
  const std::string log_path_;
  Extent extent_;
  std::shared_ptr<File> file_;
  SegmentIndexes indexes_;
};

}  // namespace hailstorm::storage

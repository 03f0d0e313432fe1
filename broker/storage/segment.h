#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "broker/storage/batch_header.h"
#include "broker/storage/file_system.h"
#include "broker/storage/sparse_index.h"
#include "broker/storage/whole_file.h"

namespace hailstorm::storage {

/// One stretch of a partition's log: `BASE.log` and its two indexes. The indexes are only a way to
/// be fast: an entry is checked against the batch it points to, and wrong or missing ones are made
/// again from the log.
///
/// Thread safety: not safe; but the file's sync() may run elsewhere.
class Segment {
 public:
  /// What is known of a segment without reading it.
  struct Extent {
    int64_t base_offset = 0;
    int64_t end_offset = 0;  // of the next record
    uint64_t size_bytes = 0;
    int64_t max_timestamp_ms = -1;
  };

  /// A new, empty one. Neither file nor folder is synced.
  [[nodiscard]] static Result<std::unique_ptr<Segment>> create(FileSystem& files,
                                                               const std::string& folder,
                                                               int64_t base_offset);
  /// One that exists. Nothing is opened before it is needed. `files` must remain live while it is
  /// in use.
  Segment(FileSystem& files, const std::string& folder, const Extent& extent);

  [[nodiscard]] const Extent& extent() const noexcept { return extent_; }
  [[nodiscard]] std::string log_path() const;

  /// The open log file, opened for reading and writing if it is not.
  [[nodiscard]] Result<std::shared_ptr<File>> file();
  void close_file() noexcept { file_.reset(); }

  /// Whether a batch of this size and count still has a place here under both formats' limits.
  [[nodiscard]] bool has_room(uint64_t batch_bytes, int32_t record_count,
                              int64_t segment_bytes) const noexcept;

  /// Writes the batch at the end. After an error the end is where it was, but bytes may lie behind
  /// it.
  [[nodiscard]] Status append(Bytes batch, const BatchHeader& header);
  /// Removes what lies behind the end.
  [[nodiscard]] Status cut_to_end();
  /// Extends what is known by the batch that stands at the end, as append() does: for recovery.
  void note(const BatchHeader& header);
  /// From here on the indexes in memory are complete: note() has seen every batch from the start.
  void begin_indexes() noexcept { indexes_loaded_ = true; }

  /// The position of the batch that holds `offset`, looking only at bytes before `limit`.
  /// REQUIRES: it does. Errors: io, corrupt.
  [[nodiscard]] Result<uint64_t> find(int64_t offset, uint64_t limit);
  struct Found {
    uint64_t position;
    BatchHeader header;
  };
  /// The first batch before `limit` with a record at or after this time, or nothing.
  [[nodiscard]] Result<std::optional<Found>> find_time(int64_t timestamp_ms, uint64_t limit);

  /// Makes the indexes ready, so that append() need not. Errors: io, corrupt.
  [[nodiscard]] Status load_indexes();
  /// Writes both index files. An error is not passed on: the log does not need them.
  void save_indexes();
  /// As save_indexes(), with the closing time entry that Kafka gives a segment it leaves.
  void close_indexes();
  /// Forgets the indexes in memory; the next lookup loads them.
  void drop_indexes();
  /// Removes the three files; the log first, so that a crash leaves no log without its place in the
  /// row. An index that cannot be removed is left to the next recovery.
  [[nodiscard]] Status remove_files();

 private:
  void index_batch(const BatchHeader& header, uint64_t position);
  [[nodiscard]] Status rebuild_indexes();
  [[nodiscard]] Status index_from(uint64_t position);
  [[nodiscard]] Result<BatchHeader> header_at(FileWindow& window, uint64_t position);
  /// As header_at(), and the batch must begin with `expected` (-1: not known), which becomes the
  /// offset behind it: no CRC covers a batch's base offset, only its neighbours tell.
  [[nodiscard]] Result<BatchHeader> header_after(FileWindow& window, uint64_t position,
                                                 int64_t& expected);
  [[nodiscard]] int64_t expected_at(uint64_t position) const noexcept {
    return position == 0 ? extent_.base_offset : -1;
  }
  [[nodiscard]] Result<bool> ends_with(uint64_t position, uint32_t offset);
  [[nodiscard]] Result<uint64_t> start_of_search(uint32_t offset);
  [[nodiscard]] Result<uint64_t> start_of_search(int64_t timestamp_ms);
  [[nodiscard]] uint32_t relative(int64_t offset) const noexcept;
  [[nodiscard]] std::string path(std::string_view suffix) const;

  FileSystem& files_;
  std::string folder_;
  Extent extent_;
  std::shared_ptr<File> file_;

  bool indexes_loaded_ = false;
  OffsetIndex offsets_;
  TimeIndex times_;
  uint64_t unindexed_bytes_ = 0;
  int64_t indexed_max_timestamp_ms_ = -1;  // of the batches that the indexes were told
  uint32_t indexed_max_offset_ = 0;        // last relative offset of the batch that has it
};

}  // namespace hailstorm::storage

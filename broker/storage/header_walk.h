#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "broker/storage/batch_header.h"
#include "broker/storage/file_system.h"
#include "broker/storage/whole_file.h"

namespace hailstorm::storage {

/// What is known of a segment without reading it.
struct SegmentExtent {
  int64_t base_offset = 0;
  int64_t end_offset = 0;  // of the next record
  uint64_t size_bytes = 0;
  int64_t max_timestamp_ms = -1;
};

/// A batch in a segment: where it stands and what its header says.
struct FoundBatch {
  uint64_t position = 0;
  BatchHeader header;
};

/// An open segment's log: its file, its extent, and its path for messages. These must remain live
/// while it is in use.
struct SegmentLog {
  File& file;
  const SegmentExtent& extent;
  const std::string& path;
};

/// Reads the headers of a segment's batches, one after the other, from a position where one begins.
/// No CRC covers a batch's base offset: only its neighbours show that it is right, so each batch
/// must continue the offsets of the one before.
///
/// Thread safety: not safe. `log` must remain live while it is in use.
class HeaderWalk {
 public:
  /// `chunk_bytes` are read from the file at once.
  HeaderWalk(const SegmentLog& log, uint64_t position, size_t chunk_bytes);

  /// The next batch before byte `limit`; nothing there. Errors: io, corrupt.
  [[nodiscard]] Result<std::optional<FoundBatch>> next(uint64_t limit);
  /// Where the next batch begins.
  [[nodiscard]] uint64_t position() const { return position_; }

 private:
  SegmentLog log_;
  FileWindow window_;
  uint64_t position_;
  int64_t expected_;  // offset of the next batch; -1: not known
};

/// The batch at `position`. Errors: io, corrupt.
[[nodiscard]] Result<FoundBatch> batch_at(const SegmentLog& log, uint64_t position);

/// The log holds no batch at a position where one was written.
[[nodiscard]] Error no_batch_at(const std::string& path, uint64_t position);

}  // namespace hailstorm::storage

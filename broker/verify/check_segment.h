#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "broker/storage/file_system.h"
#include "broker/verify/report.h"

namespace hailstorm::verify {

/// Bytes of a segment's log that are no sound batch.
struct BadBytes {
  uint64_t from = 0;
  std::optional<uint64_t> next_batch;  // where sound batches go on, if they do
  std::string why;
  bool is_readable = false;  // its CRC is right, but a record cannot be decoded
};

/// All of one segment's log, read byte by byte, also where the broker would trust it unread.
struct SegmentScan {
  int64_t base_offset = 0;
  int64_t end_offset = 0;  // after the last batch that was found
  uint64_t size_bytes = 0;
  uint64_t batches = 0;
  std::vector<BadBytes> bad;  // the first few; see has_more_bad
  bool has_more_bad = false;
  std::vector<Finding> of_indexes;  // only where the log itself is sound
};

/// Errors: io.
[[nodiscard]] Result<SegmentScan> scan_segment(storage::FileSystem& files,
                                               const std::string& folder, int64_t base_offset,
                                               bool is_last);

}  // namespace hailstorm::verify

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "broker/storage/file_system.h"

namespace hailstorm::storage {

/// Up to where a partition's log is known to be durable, kept in its file `recovery-point`. It is
/// written after each sync and before the acknowledgements of that sync, but not synced itself. So
/// it may be too old after a power cut, but it never promises too much. Recovery cuts nothing
/// before it. It names one file by its inode: a copy of that file may be older than the point.
///
/// One line: hailstorm-recovery-point 2 PARTITION SEGMENT_BASE BYTES END_OFFSET FILE crc HEX
/// Format 1, of programs that knew no file `partition`, has no END_OFFSET.
///
/// Thread safety: a value.
struct RecoveryPoint {
  std::string partition;  // its folder's name
  int64_t segment_base = 0;
  uint64_t size_bytes = 0;  // of that segment
  int64_t end_offset = -1;  // the offset after it; -1: format 1, not known
  uint64_t file = 0;        // the log file's identity()

  friend bool operator==(const RecoveryPoint&, const RecoveryPoint&) = default;
};

/// `sync`: also makes its bytes durable.
[[nodiscard]] Status write_recovery_point(FileSystem& files, const std::string& folder,
                                          const RecoveryPoint& point, bool sync = false);
/// Nothing if there is none, or it is damaged. It may be another partition's.
[[nodiscard]] std::optional<RecoveryPoint> read_recovery_point(FileSystem& files,
                                                               const std::string& folder);

}  // namespace hailstorm::storage

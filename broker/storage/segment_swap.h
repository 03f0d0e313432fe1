#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "broker/storage/file_system.h"
#include "broker/storage/folder_marks.h"
#include "broker/storage/header_walk.h"

namespace hailstorm::storage {

/// One segment in the place of several with the same offsets, kept in the file `segment-swap` while
/// that is under way. Compaction writes the new segment aside as `BASE.log.tmp`, syncs it, and then
/// writes this file: from there on the swap is finished, after a crash by the next recovery.
///
///   1. `BASE.log.tmp` gets the name `BASE.log`, and the folder is synced;
///   2. recovery point and checkpoint are written, which know the new segment;
///   3. the other old segments are removed, and the folder is synced;
///   4. the file `segment-swap` is removed.
///
/// One line: hailstorm-segment-swap 1 PARTITION BASE END BYTES MAX_TIMESTAMP crc HEX
///
/// Thread safety: a value.
struct SegmentSwap {
  std::string partition;  // its folder's name
  SegmentExtent segment;  // the new one
};

/// Durable once it returned, and so is the name of the segment that was written aside.
[[nodiscard]] Status write_segment_swap(FileSystem& files, const std::string& folder,
                                        const SegmentSwap& swap);
/// Nothing where none is under way. Errors: corrupt (names the file), io.
[[nodiscard]] Result<std::optional<SegmentSwap>> read_segment_swap(FileSystem& files,
                                                                   const std::string& folder);

/// "…/BASE.log.tmp".
[[nodiscard]] std::string path_aside(const std::string& folder, int64_t base_offset);

/// Steps 3 and 4. May be repeated after an error.
[[nodiscard]] Status end_segment_swap(FileSystem& files, const std::string& folder,
                                      const SegmentSwap& swap);

/// Before step 1: no swap is under way any more, durably. Errors: io; a swap may remain then.
[[nodiscard]] Status cancel_segment_swap(FileSystem& files, const std::string& folder);

/// For recovery: finishes a swap that a crash cut short, and brings checkpoint and recovery point
/// in `marks`, and on the disk, up to date. Where the new segment is not whole, or its name was
/// lost, the swap is dropped instead: then the old ones are all there. Errors: corrupt, io,
/// no_space.
[[nodiscard]] Status finish_segment_swap(FileSystem& files, const std::string& folder,
                                         FolderMarks& marks);

}  // namespace hailstorm::storage

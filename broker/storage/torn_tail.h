#pragma once

#include <cstdint>
#include <string>

#include "broker/storage/segment_walk.h"

namespace hailstorm::storage {

/// Whether the bytes from walk.good_bytes to the end of `file` may be what a crash or a power cut
/// left of a write: no whole batch follows them, or all that lacks before that one is whole sectors
/// that did not reach the disk. Errors: corrupt (they may not), io.
[[nodiscard]] Status check_torn_tail(File& file, const std::string& path, uint64_t file_size,
                                     const SegmentWalk& walk);

/// The file is damaged at this byte, and recovery changed nothing.
[[nodiscard]] Error damaged_at(const std::string& path, uint64_t byte, const std::string& why);

}  // namespace hailstorm::storage

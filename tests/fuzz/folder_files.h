#pragma once

#include <array>
#include <cstdint>
#include <string_view>

/// The files of a partition's folder as a chunk's tag names them.
namespace hailstorm::fuzz {

inline constexpr std::array<std::string_view, 12> kFolderFiles = {
    "00000000000000000000.log",
    "00000000000000000000.index",
    "00000000000000000000.timeindex",
    "00000000000000000003.log",
    "00000000000000000003.index",
    "00000000000000000003.timeindex",
    "checkpoint",
    "checkpoint.tmp",
    "00000000000000000006.log",
    "something else",
    "partition",
    "recovery-point",
};
/// Added to a log's tag: the chunk is one batch, whose length and checksum are set right first.
inline constexpr uint8_t kPlausibleBatch = 128;

}  // namespace hailstorm::fuzz

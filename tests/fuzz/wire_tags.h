#pragma once

#include <cstdint>

/// What a chunk's tag says in the conversation with the broker core.
namespace hailstorm::fuzz {

inline constexpr uint8_t kMore = 1;       // the next chunk is the next frame of the same message
inline constexpr uint8_t kPlausible = 2;  // its lengths and checksum are set right first
inline constexpr uint8_t kOtherPeer = 4;
inline constexpr uint8_t kSync = 8;      // then the burst ends and the disk is done
inline constexpr uint8_t kTick = 16;     // then time passes
inline constexpr uint8_t kRestart = 32;  // then the broker is killed and started again

}  // namespace hailstorm::fuzz

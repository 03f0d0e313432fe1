#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/bytes.h"

namespace hailstorm::wire {

/// Zig-zag varints as in Protocol Buffers, which Kafka's records use for lengths and deltas: seven
/// bits a byte, the least first, small negatives small.

inline constexpr size_t kMaxVarintBytes = 10;

constexpr uint64_t zigzag(int64_t value) noexcept {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}

constexpr size_t varint_bytes(int64_t value) noexcept {
  size_t n = 1;
  for (uint64_t rest = zigzag(value); rest >= 0x80; rest >>= 7) ++n;
  return n;
}

/// Writes `value` at `at` and gives the place after it.
/// REQUIRES: room for varint_bytes(value).
inline uint8_t* put_varint(uint8_t* at, int64_t value) noexcept {
  uint64_t rest = zigzag(value);
  while (rest >= 0x80) {
    *at++ = static_cast<uint8_t>(rest | 0x80);
    rest >>= 7;
  }
  *at++ = static_cast<uint8_t>(rest);
  return at;
}

/// Takes one varint off the front of `from`; nothing (and `from` unchanged) when it is cut short or
/// too long.
inline std::optional<int64_t> take_varint(Bytes& from) noexcept {
  uint64_t bits = 0;
  for (size_t i = 0; i < from.size() && i < kMaxVarintBytes; ++i) {
    bits |= uint64_t{from[i] & 0x7fu} << (7 * i);
    if ((from[i] & 0x80) == 0) {
      from = from.subspan(i + 1);
      return static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1);
    }
  }
  return std::nullopt;
}

}  // namespace hailstorm::wire

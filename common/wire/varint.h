#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "common/base/bytes.h"

namespace hailstorm::wire {

/// Zig-zag varints as in Protocol Buffers, which Kafka's records use for lengths and deltas: seven
/// bits a byte, the least first, small negatives small.

inline constexpr size_t kMaxVarintBytes = 10;
inline constexpr size_t kMaxVarint32Bytes = 5;

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

/// Bytes that are taken from the front. Plain pointers: a reader takes a few hundred million
/// numbers a second.
struct ByteCursor {
  const uint8_t* at = nullptr;
  const uint8_t* end = nullptr;

  explicit ByteCursor(Bytes bytes) noexcept : at(bytes.data()), end(bytes.data() + bytes.size()) {}
  [[nodiscard]] size_t left() const noexcept { return static_cast<size_t>(end - at); }
  [[nodiscard]] bool empty() const noexcept { return at == end; }
};

constexpr int64_t unzigzag(uint64_t bits) noexcept {
  return static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1);
}

/// Takes one varint of up to `max_bytes`. False, and nothing taken: it is cut short, too long, or
/// more than 64 bits.
inline bool take_varint(ByteCursor& from, int64_t& into,
                        size_t max_bytes = kMaxVarintBytes) noexcept {
  if (!from.empty() && *from.at < 0x80) {  // nearly all are
    into = unzigzag(*from.at++);
    return true;
  }
  uint64_t bits = 0;
  const size_t most = std::min(from.left(), max_bytes);
  for (size_t i = 0; i < most; ++i) {
    const uint8_t byte = from.at[i];
    if (i + 1 == kMaxVarintBytes && byte > 1) return false;
    bits |= uint64_t{byte & 0x7fu} << (7 * i);
    if ((byte & 0x80) != 0) continue;
    from.at += i + 1;
    into = unzigzag(bits);
    return true;
  }
  return false;
}

/// The same of a number that Kafka keeps in 32 bits, and so in five bytes: a length, a count, an
/// offset delta.
inline bool take_varint32(ByteCursor& from, int32_t& into) noexcept {
  int64_t value = 0;
  ByteCursor rest = from;
  if (!take_varint(rest, value, kMaxVarint32Bytes) || value != static_cast<int32_t>(value))
    return false;
  from = rest;
  into = static_cast<int32_t>(value);
  return true;
}

}  // namespace hailstorm::wire

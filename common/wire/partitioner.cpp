#include "common/wire/partitioner.h"

#include <cstddef>

#include "common/base/check.h"

namespace hailstorm::wire {

int32_t murmur2(std::string_view bytes) noexcept {
  constexpr uint32_t kSeed = 0x9747b28c;
  constexpr uint32_t kMultiplier = 0x5bd1e995;
  const auto byte = [bytes](size_t i) { return uint32_t{static_cast<unsigned char>(bytes[i])}; };

  const size_t size = bytes.size();
  uint32_t hash = kSeed ^ static_cast<uint32_t>(size);
  size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    uint32_t word = byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24;
    word *= kMultiplier;
    word ^= word >> 24;
    word *= kMultiplier;
    hash *= kMultiplier;
    hash ^= word;
  }
  if (i < size) {
    for (size_t rest = size - i; rest-- > 0;) hash ^= byte(i + rest) << (8 * rest);
    hash *= kMultiplier;
  }
  hash ^= hash >> 13;
  hash *= kMultiplier;
  hash ^= hash >> 15;
  return static_cast<int32_t>(hash);
}

int32_t partition_for_key(std::string_view key, int32_t partition_count) noexcept {
  HAIL_CHECK(partition_count > 0);
  return (murmur2(key) & 0x7fffffff) % partition_count;
}

}  // namespace hailstorm::wire

#include <fmt/format.h>
#include <xxhash.h>

#include "common/events/events.h"

namespace hailstorm::events {

std::string ride_id_for(std::string_view rider_id, std::string_view idempotency_key) {
  // The length keeps ("ab", "c") apart from ("a", "bc").
  const auto name = fmt::format("{}:{}{}", rider_id.size(), rider_id, idempotency_key);
  auto hash = XXH3_128bits(name.data(), name.size());
  // Version 8 (the namer's own way) and variant bits of RFC 9562.
  hash.high64 = (hash.high64 & ~uint64_t{0xF000}) | 0x8000;
  hash.low64 = (hash.low64 & ~(uint64_t{3} << 62)) | (uint64_t{2} << 62);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", hash.high64 >> 32,
                     hash.high64 >> 16 & 0xFFFF, hash.high64 & 0xFFFF, hash.low64 >> 48,
                     hash.low64 & 0xFFFF'FFFF'FFFF);
}

}  // namespace hailstorm::events

#pragma once

#include <cstdint>
#include <optional>

#include "common/base/bytes.h"

namespace hailstorm::storage {

/// The only leader epoch as long as a partition has one copy.
inline constexpr int32_t kLeaderEpoch = 0;

/// What walking a segment needs of a batch, read from its 61-byte header alone.
struct BatchHeader {
  int64_t base_offset = 0;
  int64_t last_offset = 0;
  uint64_t size_bytes = 0;
  int64_t max_timestamp_ms = 0;
};

/// The header at the front of `bytes`; nothing if none is there, or one that no batch of this
/// broker has. The CRC is not checked.
[[nodiscard]] std::optional<BatchHeader> parse_header(Bytes bytes) noexcept;

/// How many bytes of `bytes` are whole batches whose offsets follow each other, and the header of
/// the first.
struct WholeBatches {
  size_t size_bytes = 0;
  std::optional<BatchHeader> first;
};
[[nodiscard]] WholeBatches whole_batches(Bytes bytes) noexcept;

}  // namespace hailstorm::storage

#pragma once

#include <cstdint>

#include "common/base/bytes.h"

namespace hailstorm::wire {

/// CRC-32C (Castagnoli; RFC 3720 appendix B.4), as Kafka's record batches carry it. `before`: that
/// of the bytes before these, where one sum is made piece by piece.
[[nodiscard]] uint32_t crc32c(Bytes bytes, uint32_t before = 0) noexcept;

}  // namespace hailstorm::wire

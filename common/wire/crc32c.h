#pragma once

#include <cstdint>

#include "common/base/bytes.h"

namespace hailstorm::wire {

/// CRC-32C (Castagnoli; RFC 3720 appendix B.4), as Kafka's record batches carry it.
[[nodiscard]] uint32_t crc32c(Bytes bytes) noexcept;

}  // namespace hailstorm::wire

#pragma once

#include <cstdint>
#include <string_view>

namespace hailstorm::wire {

/// Kafka's murmur2 (org.apache.kafka.common.utils.Utils.murmur2), seed 0x9747b28c.
[[nodiscard]] int32_t murmur2(std::string_view bytes) noexcept;

/// The partition of a key, as Kafka's default partitioner chooses it: (murmur2 & 0x7fffffff) mod
/// partitions. REQUIRES: partition_count > 0.
[[nodiscard]] int32_t partition_for_key(std::string_view key, int32_t partition_count) noexcept;

}  // namespace hailstorm::wire

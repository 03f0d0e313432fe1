#pragma once

#include <cstdint>

/// What a client may do, as bits by Kafka's numbers of operations. There are no users here, so
/// everyone may do all that there is. Constants.
namespace hailstorm::broker {

constexpr int32_t operation_bits(auto... numbers) { return ((int32_t{1} << numbers) | ...); }

// Read, write, create, delete, alter, describe, describe settings, alter settings.
inline constexpr int32_t kTopicOperations = operation_bits(3, 4, 5, 6, 7, 8, 10, 11);
// Create, alter, describe, act as the cluster, describe settings, alter settings, write with ids.
inline constexpr int32_t kClusterOperations = operation_bits(5, 7, 8, 9, 10, 11, 12);

// Read, delete, describe, describe settings, alter settings.
inline constexpr int32_t kGroupOperations = operation_bits(3, 6, 8, 10, 11);

}  // namespace hailstorm::broker

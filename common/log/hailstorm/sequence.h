#pragma once

#include <cstdint>
#include <vector>

namespace hailstorm::log::hail {

/// A producer's id and epoch, from InitProducerId. Thread safety: a value; the functions are pure.
struct ProducerIdentity {
  int64_t id = -1;
  int16_t epoch = -1;
};

/// The sequence after `record_count` records from `base_sequence` on: after INT32_MAX comes 0.
[[nodiscard]] int32_t sequence_after(int32_t base_sequence, int32_t record_count);

/// A copy of a finished batch under another sequence.
[[nodiscard]] std::vector<uint8_t> with_sequence(const std::vector<uint8_t>& batch,
                                                 const ProducerIdentity& identity,
                                                 int32_t base_sequence);

}  // namespace hailstorm::log::hail

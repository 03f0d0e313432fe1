#include "common/log/hailstorm/sequence.h"

#include <limits>

#include "common/base/bytes.h"
#include "common/wire/crc32c.h"
#include "common/wire/record_batch_format.h"

namespace hailstorm::log::hail {

namespace format = wire::batch_format;

int32_t sequence_after(int32_t base_sequence, int32_t record_count) {
  constexpr int64_t kSequences = int64_t{std::numeric_limits<int32_t>::max()} + 1;
  return static_cast<int32_t>((int64_t{base_sequence} + record_count) % kSequences);
}

std::vector<uint8_t> with_sequence(const std::vector<uint8_t>& batch,
                                   const ProducerIdentity& identity, int32_t base_sequence) {
  std::vector<uint8_t> copy = batch;
  put_be<int64_t>(copy.data() + format::kProducerId, identity.id);
  put_be<int16_t>(copy.data() + format::kProducerEpoch, identity.epoch);
  put_be<int32_t>(copy.data() + format::kBaseSequence, base_sequence);
  const Bytes covered = Bytes(copy).subspan(format::kAttributes);
  put_be<uint32_t>(copy.data() + format::kCrc, wire::crc32c(covered));
  return copy;
}

}  // namespace hailstorm::log::hail

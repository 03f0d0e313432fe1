#include "tests/fuzz/chunks.h"

#include "common/wire/crc32c.h"
#include "common/wire/record_batch_format.h"

namespace hailstorm::fuzz {

void make_batch_plausible(MutableBytes batch) {
  namespace format = wire::batch_format;
  if (batch.size() < format::kHeaderBytes) return;
  put_be(batch.data() + format::kBatchLength,
         static_cast<int32_t>(batch.size() - format::kLengthOverhead));
  batch[format::kMagic] = format::kMagicV2;
  put_be(batch.data() + format::kCrc, wire::crc32c(Bytes(batch).subspan(format::kAttributes)));
}

}  // namespace hailstorm::fuzz

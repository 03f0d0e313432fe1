#include "broker/storage/batch_header.h"

#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"

namespace hailstorm::storage {

namespace format = wire::batch_format;

std::optional<BatchHeader> parse_header(Bytes bytes) noexcept {
  const size_t size_bytes = wire::claimed_batch_bytes(bytes);
  if (size_bytes == 0) return std::nullopt;
  const uint8_t* at = bytes.data();
  if (get_be<int8_t>(at + format::kMagic) != format::kMagicV2) return std::nullopt;
  const auto delta = get_be<int32_t>(at + format::kLastOffsetDelta);
  if (get_be<int32_t>(at + format::kPartitionLeaderEpoch) != kLeaderEpoch) return std::nullopt;
  BatchHeader header;
  header.base_offset = get_be<int64_t>(at + format::kBaseOffset);
  if (header.base_offset < 0 || header.base_offset > INT64_MAX - INT32_MAX) return std::nullopt;
  if (delta < 0) return std::nullopt;
  header.last_offset = header.base_offset + delta;
  header.size_bytes = size_bytes;
  header.max_timestamp_ms = get_be<int64_t>(at + format::kMaxTimestamp);
  return header;
}

WholeBatches whole_batches(Bytes bytes) noexcept {
  WholeBatches whole;
  int64_t expected = -1;
  while (bytes.size() - whole.size_bytes >= format::kHeaderBytes) {
    const auto header = parse_header(bytes.subspan(whole.size_bytes));
    if (!header || (expected >= 0 && header->base_offset != expected)) break;
    if (!whole.first) whole.first = header;
    if (header->size_bytes > bytes.size() - whole.size_bytes) break;
    whole.size_bytes += header->size_bytes;
    expected = header->last_offset + 1;
  }
  return whole;
}

}  // namespace hailstorm::storage

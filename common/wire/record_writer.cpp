#include "common/wire/record_writer.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/compression/compress.h"
#include "common/wire/crc32c.h"
#include "common/wire/record_batch_format.h"
#include "common/wire/varint.h"

namespace hailstorm::wire {
namespace {

uint8_t* put_text(uint8_t* at, std::string_view text) {
  return std::copy(text.begin(), text.end(), at);
}

uint8_t* put_nullable(uint8_t* at, std::optional<std::string_view> text) {
  if (!text) return put_varint(at, -1);
  return put_text(put_varint(at, static_cast<int64_t>(text->size())), *text);
}

size_t nullable_bytes(std::optional<std::string_view> text) {
  if (!text) return 1;
  return varint_bytes(static_cast<int64_t>(text->size())) + text->size();
}

}  // namespace

void put_record(std::vector<uint8_t>& batch, int64_t timestamp_delta, int32_t offset_delta,
                std::optional<std::string_view> key, std::optional<std::string_view> value,
                std::span<const RecordHeaderView> headers) {
  const auto header_count = static_cast<int64_t>(headers.size());
  size_t body_bytes = 1 + varint_bytes(timestamp_delta) + varint_bytes(offset_delta) +
                      nullable_bytes(key) + nullable_bytes(value) + varint_bytes(header_count);
  for (const auto& header : headers)
    body_bytes += nullable_bytes(header.key) + nullable_bytes(header.value);

  const auto size = static_cast<int64_t>(body_bytes);
  const size_t begin = batch.size();
  batch.resize(begin + varint_bytes(size) + body_bytes);
  uint8_t* at = put_varint(batch.data() + begin, size);
  *at++ = 0;  // attributes: unused by Kafka
  at = put_varint(at, timestamp_delta);
  at = put_varint(at, offset_delta);
  at = put_nullable(at, key);
  at = put_nullable(at, value);
  at = put_varint(at, header_count);
  for (const auto& header : headers) at = put_nullable(put_nullable(at, header.key), header.value);
  HAIL_CHECK(at == batch.data() + batch.size());
}

bool compress_records(std::vector<uint8_t>& batch, compression::Codec codec) {
  if (codec == compression::Codec::none) return false;
  compression::Buffer smaller;
  compression::compress(codec, Bytes(batch).subspan(batch_format::kHeaderBytes), smaller);
  if (batch_format::kHeaderBytes + smaller.size() >= batch.size()) return false;
  batch.resize(batch_format::kHeaderBytes);
  batch.insert(batch.end(), smaller.begin(), smaller.end());
  return true;
}

void seal_batch(std::vector<uint8_t>& batch) {
  put_be(batch.data() + batch_format::kBatchLength,
         static_cast<int32_t>(batch.size() - batch_format::kLengthOverhead));
  put_be(batch.data() + batch_format::kMagic, batch_format::kMagicV2);
  put_be(batch.data() + batch_format::kCrc,
         crc32c(Bytes(batch).subspan(batch_format::kAttributes)));
}

}  // namespace hailstorm::wire

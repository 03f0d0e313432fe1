#include "common/wire/record_batch_rewriter.h"

#include <algorithm>

#include "common/wire/record_batch_format.h"
#include "common/wire/record_writer.h"

namespace hailstorm::wire {

namespace format = batch_format;

std::optional<int64_t> delete_horizon_ms(const RecordBatchView& batch) {
  if ((batch.attributes() & format::kDeleteHorizonMask) == 0) return std::nullopt;
  return batch.base_timestamp_ms();
}

RecordBatchRewriter::RecordBatchRewriter(const RecordBatchView& batch,
                                         std::optional<int64_t> horizon_ms)
    : batch_(batch),
      horizon_ms_(horizon_ms),
      base_timestamp_ms_(horizon_ms.value_or(batch.base_timestamp_ms())),
      buffer_(batch.bytes().begin(), batch.bytes().begin() + format::kHeaderBytes) {}

void RecordBatchRewriter::keep(const RecordView& record) {
  put_record(buffer_, record.timestamp_ms - base_timestamp_ms_,
             static_cast<int32_t>(record.offset - batch_.base_offset()), record.key, record.value,
             record.headers);
  max_timestamp_ms_ = std::max(max_timestamp_ms_, record.timestamp_ms);
  ++record_count_;
}

std::vector<uint8_t> RecordBatchRewriter::finish() {
  auto attributes = static_cast<int16_t>(batch_.attributes() & format::kTimestampTypeMask);
  if (record_count_ > 0 && compress_records(buffer_, batch_.codec()))
    attributes = static_cast<int16_t>(attributes | static_cast<int16_t>(batch_.codec()));
  if (horizon_ms_) attributes = static_cast<int16_t>(attributes | format::kDeleteHorizonMask);
  uint8_t* const at = buffer_.data();
  put_be(at + format::kAttributes, attributes);
  put_be(at + format::kBaseTimestamp, base_timestamp_ms_);
  // Of an empty batch none: no search by time may end there.
  put_be(at + format::kMaxTimestamp, max_timestamp_ms_);
  put_be(at + format::kRecordCount, record_count_);
  seal_batch(buffer_);
  return std::move(buffer_);
}

std::vector<uint8_t> empty_batch(int64_t base_offset, int64_t last_offset) {
  std::vector<uint8_t> batch(format::kHeaderBytes, 0);
  uint8_t* const at = batch.data();
  put_be(at + format::kBaseOffset, base_offset);
  put_be(at + format::kLastOffsetDelta, static_cast<int32_t>(last_offset - base_offset));
  put_be(at + format::kBaseTimestamp, int64_t{-1});
  put_be(at + format::kMaxTimestamp, int64_t{-1});
  put_be(at + format::kProducerId, int64_t{-1});
  put_be(at + format::kProducerEpoch, int16_t{-1});
  put_be(at + format::kBaseSequence, int32_t{-1});
  seal_batch(batch);
  return batch;
}

}  // namespace hailstorm::wire

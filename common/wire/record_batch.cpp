#include "common/wire/record_batch.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "common/base/check.h"
#include "common/base/enum_name.h"
#include "common/wire/crc32c.h"
#include "common/wire/record_batch_format.h"
#include "common/wire/record_writer.h"

namespace hailstorm::wire {

namespace format = batch_format;

namespace {

/// As many of the bytes as the batch at their front says that it has.
Result<Bytes> first_batch(Bytes bytes) {
  if (bytes.size() < format::kHeaderBytes) {
    return Error(BatchErrc::incomplete, fmt::format("{} bytes are less than a batch header's {}",
                                                    bytes.size(), format::kHeaderBytes));
  }
  const size_t size = claimed_batch_bytes(bytes);
  if (size == 0) {
    const auto length = get_be<int32_t>(bytes.data() + format::kBatchLength);
    return Error(BatchErrc::bad_length,
                 fmt::format("batch length {} is less than its header", length));
  }
  if (size > bytes.size()) {
    return Error(BatchErrc::incomplete,
                 fmt::format("batch of {} bytes ends after {}", size, bytes.size()));
  }
  return bytes.first(size);
}

/// Of a whole batch.
uint32_t computed_crc(Bytes batch) { return crc32c(batch.subspan(format::kAttributes)); }

/// Of a whole batch, of any format.
int8_t magic_of(Bytes batch) { return get_be<int8_t>(batch.data() + format::kMagic); }

/// Everything but the CRC. `bytes` is the whole batch.
Status check_header(Bytes bytes) {
  const auto* at = bytes.data();
  if (const auto magic = magic_of(bytes); magic != format::kMagicV2) {
    return Error(
        BatchErrc::bad_magic,
        fmt::format("record batch has magic {}, only {} is understood", magic, format::kMagicV2));
  }
  const auto attributes = get_be<int16_t>(at + format::kAttributes);
  const int codec = attributes & format::kCompressionMask;
  if (codec > static_cast<int>(compression::Codec::zstd)) {
    return Error(BatchErrc::unknown_codec,
                 fmt::format("record batch is compressed with codec {}; 0 to {} are known", codec,
                             static_cast<int>(compression::Codec::zstd)));
  }
  if ((attributes & (format::kControlMask | format::kTransactionalMask)) != 0) {
    return Error(BatchErrc::control,
                 "record batch is a control or transactional batch; not accepted");
  }
  const auto count = get_be<int32_t>(at + format::kRecordCount);
  const auto last_delta = get_be<int32_t>(at + format::kLastOffsetDelta);
  // A batch that lost records to compaction keeps its offsets; one that lost all is its header.
  const bool is_empty = count == 0 && bytes.size() == format::kHeaderBytes;
  if ((count < 1 && !is_empty) || last_delta < 0 || count - 1 > last_delta) {
    return Error(
        BatchErrc::bad_counts,
        fmt::format("record batch claims {} records and last offset delta {}", count, last_delta));
  }
  const size_t record_bytes = codec == 0 ? bytes.size() - format::kHeaderBytes : kMaxPlainBytes;
  if (static_cast<size_t>(count) > record_bytes / format::kRecordBytesMin) {
    return Error(BatchErrc::bad_counts,
                 fmt::format("record batch claims {} records in {} bytes", count, record_bytes));
  }
  const auto base_offset = get_be<int64_t>(at + format::kBaseOffset);
  if (base_offset < 0 || base_offset >= std::numeric_limits<int64_t>::max() - last_delta) {
    return Error(BatchErrc::bad_counts,
                 fmt::format("record batch of {} offsets cannot begin at offset {}",
                             int64_t{last_delta} + 1, base_offset));
  }
  return {};
}

}  // namespace

std::string_view name_of(BatchErrc code) { return enum_name(code); }

Result<RecordBatchView> RecordBatchView::parse_unchecked(Bytes bytes) {
  HAIL_ASSIGN_OR_RETURN(const Bytes whole, first_batch(bytes));
  HAIL_RETURN_IF_ERROR(check_header(whole));
  return RecordBatchView(whole);
}

Result<RecordBatchView> RecordBatchView::parse(Bytes bytes) {
  HAIL_ASSIGN_OR_RETURN(auto batch, parse_unchecked(bytes));
  const uint32_t computed = computed_crc(batch.bytes_);
  if (computed != batch.crc()) {
    return Error(BatchErrc::bad_crc,
                 fmt::format("CRC-32C is {:08x}, the batch says {:08x}", computed, batch.crc()));
  }
  return batch;
}

size_t claimed_batch_bytes(Bytes start) noexcept {
  if (start.size() < format::kHeaderBytes) return 0;
  const auto length = get_be<int32_t>(start.data() + format::kBatchLength);
  if (length < static_cast<int32_t>(format::kHeaderBytes - format::kLengthOverhead)) return 0;
  return static_cast<size_t>(length) + format::kLengthOverhead;
}

bool is_whole_batch(Bytes bytes) {
  const auto whole = first_batch(bytes);
  return whole.ok() && magic_of(*whole) == format::kMagicV2 &&
         get_be<uint32_t>(whole->data() + format::kCrc) == computed_crc(*whole);
}

Result<BatchPlace> place_of_batch(Bytes bytes) {
  HAIL_ASSIGN_OR_RETURN(const Bytes whole, first_batch(bytes));
  BatchPlace place;
  place.size_bytes = whole.size();
  place.first_offset = place.last_offset = get_be<int64_t>(whole.data() + format::kBaseOffset);
  place.knows_last_offset = magic_of(whole) == format::kMagicV2;
  const auto last_delta = get_be<int32_t>(whole.data() + format::kLastOffsetDelta);
  const int64_t most = std::numeric_limits<int64_t>::max() - std::numeric_limits<int32_t>::max();
  if (place.first_offset < 0 || place.first_offset >= most)
    return Error(BatchErrc::bad_counts,
                 fmt::format("record batch cannot begin at offset {}", place.first_offset));
  if (place.knows_last_offset) place.last_offset += std::max(last_delta, 0);
  return place;
}

int64_t RecordBatchView::base_offset() const noexcept {
  return get_be<int64_t>(bytes_.data() + format::kBaseOffset);
}
int64_t RecordBatchView::last_offset() const noexcept {
  return base_offset() + get_be<int32_t>(bytes_.data() + format::kLastOffsetDelta);
}
int32_t RecordBatchView::leader_epoch() const noexcept {
  return get_be<int32_t>(bytes_.data() + format::kPartitionLeaderEpoch);
}
uint32_t RecordBatchView::crc() const noexcept {
  return get_be<uint32_t>(bytes_.data() + format::kCrc);
}
int16_t RecordBatchView::attributes() const noexcept {
  return get_be<int16_t>(bytes_.data() + format::kAttributes);
}
compression::Codec RecordBatchView::codec() const noexcept {
  return static_cast<compression::Codec>(attributes() & format::kCompressionMask);
}
int64_t RecordBatchView::base_timestamp_ms() const noexcept {
  return get_be<int64_t>(bytes_.data() + format::kBaseTimestamp);
}
int64_t RecordBatchView::max_timestamp_ms() const noexcept {
  return get_be<int64_t>(bytes_.data() + format::kMaxTimestamp);
}
int64_t RecordBatchView::producer_id() const noexcept {
  return get_be<int64_t>(bytes_.data() + format::kProducerId);
}
int16_t RecordBatchView::producer_epoch() const noexcept {
  return get_be<int16_t>(bytes_.data() + format::kProducerEpoch);
}
int32_t RecordBatchView::base_sequence() const noexcept {
  return get_be<int32_t>(bytes_.data() + format::kBaseSequence);
}
int32_t RecordBatchView::last_sequence() const noexcept {
  const int64_t last = base_sequence() + (last_offset() - base_offset());
  return static_cast<int32_t>(last & std::numeric_limits<int32_t>::max());
}
int32_t RecordBatchView::record_count() const noexcept {
  return get_be<int32_t>(bytes_.data() + format::kRecordCount);
}

void stamp(MutableBytes batch, int64_t base_offset, int32_t leader_epoch) noexcept {
  put_be(batch.data() + format::kBaseOffset, base_offset);
  put_be(batch.data() + format::kPartitionLeaderEpoch, leader_epoch);
}

void stamp_max_timestamp(MutableBytes batch, int64_t max_timestamp_ms) noexcept {
  put_be(batch.data() + format::kMaxTimestamp, max_timestamp_ms);
  put_be(batch.data() + format::kCrc, crc32c(Bytes(batch).subspan(format::kAttributes)));
}

RecordBatchBuilder::RecordBatchBuilder() { reset(); }

void RecordBatchBuilder::reset() {
  buffer_.assign(format::kHeaderBytes, 0);
  record_count_ = 0;
}

void RecordBatchBuilder::append(int64_t timestamp_ms, std::optional<std::string_view> key,
                                std::optional<std::string_view> value,
                                std::span<const RecordHeaderView> headers) {
  if (record_count_ == 0) base_timestamp_ms_ = max_timestamp_ms_ = timestamp_ms;
  max_timestamp_ms_ = std::max(max_timestamp_ms_, timestamp_ms);
  put_record(buffer_, timestamp_ms - base_timestamp_ms_, record_count_, key, value, headers);
  ++record_count_;
}

void RecordBatchBuilder::set_producer(int64_t producer_id, int16_t producer_epoch,
                                      int32_t base_sequence) noexcept {
  producer_id_ = producer_id;
  producer_epoch_ = producer_epoch;
  base_sequence_ = base_sequence;
}

std::vector<uint8_t> RecordBatchBuilder::finish(int64_t base_offset, compression::Codec codec) {
  HAIL_CHECK(record_count_ > 0);
  const auto attributes =
      compress_records(buffer_, codec) ? static_cast<int16_t>(codec) : int16_t{0};
  uint8_t* at = buffer_.data();
  put_be(at + format::kBaseOffset, base_offset);
  put_be(at + format::kPartitionLeaderEpoch, int32_t{0});
  put_be(at + format::kAttributes, attributes);
  put_be(at + format::kLastOffsetDelta, record_count_ - 1);
  put_be(at + format::kBaseTimestamp, base_timestamp_ms_);
  put_be(at + format::kMaxTimestamp, max_timestamp_ms_);
  put_be(at + format::kProducerId, producer_id_);
  put_be(at + format::kProducerEpoch, producer_epoch_);
  put_be(at + format::kBaseSequence, base_sequence_);
  put_be(at + format::kRecordCount, record_count_);
  seal_batch(buffer_);
  std::vector<uint8_t> finished;
  finished.swap(buffer_);
  reset();
  return finished;
}

}  // namespace hailstorm::wire

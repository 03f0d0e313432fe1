#include "broker/storage/segment_read.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"

namespace hailstorm::storage {
namespace {

struct Buffer {
  std::shared_ptr<uint8_t[]> owner;
  size_t size = 0;

  [[nodiscard]] Bytes bytes() const noexcept { return {owner.get(), size}; }
};

Result<Buffer> read_exactly(const SegmentLog& segment, uint64_t position, size_t count) {
  Buffer buffer{std::make_shared_for_overwrite<uint8_t[]>(count), count};
  HAIL_ASSIGN_OR_RETURN(const size_t got,
                        segment.file.read_at(position, MutableBytes(buffer.owner.get(), count)));
  if (got == count) return buffer;
  return Error(StorageErrc::corrupt,
               fmt::format("{} ends at byte {}, before what was written to it", segment.path,
                           position + got));
}

}  // namespace

Result<StoredBytes> read_batches(const SegmentLog& segment, uint64_t start, uint64_t limit,
                                 int64_t max_bytes) {
  const auto wanted =
      static_cast<uint64_t>(std::max<int64_t>(max_bytes, wire::batch_format::kHeaderBytes));
  auto count = static_cast<size_t>(std::min(wanted, limit - start));
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(const Buffer buffer, read_exactly(segment, start, count));
    const WholeBatches whole = whole_batches(buffer.bytes());
    if (whole.size_bytes > 0)
      return StoredBytes{buffer.owner, buffer.bytes().first(whole.size_bytes)};
    // Not even one: the first is larger than max_bytes and returned all the same.
    if (!whole.first || whole.first->size_bytes > limit - start)
      return no_batch_at(segment.path, start);
    count = static_cast<size_t>(whole.first->size_bytes);
  }
}

Result<TimedOffset> first_record_since(const SegmentLog& segment, const FoundBatch& found,
                                       int64_t timestamp_ms) {
  HAIL_ASSIGN_OR_RETURN(
      const Buffer buffer,
      read_exactly(segment, found.position, static_cast<size_t>(found.header.size_bytes)));
  const auto batch = wire::RecordBatchView::parse(buffer.bytes());
  if (!batch.ok()) return no_batch_at(segment.path, found.position);
  wire::RecordReader records(*batch);
  wire::RecordView record;
  for (;;) {
    const auto more = records.next(record);
    // An older broker took batches that cannot be decoded: the whole of such a one counts.
    if (!more.ok() || !*more) return TimedOffset{batch->base_offset(), batch->max_timestamp_ms()};
    if (record.timestamp_ms >= timestamp_ms) return TimedOffset{record.offset, record.timestamp_ms};
  }
}

}  // namespace hailstorm::storage

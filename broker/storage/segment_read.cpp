#include "broker/storage/segment_read.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

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

/// A batch with the memory that it lies in.
struct OwnedBatch {
  Buffer buffer;
  wire::RecordBatchView view;
};

Result<OwnedBatch> read_batch(const SegmentLog& segment, const FoundBatch& found) {
  HAIL_ASSIGN_OR_RETURN(Buffer buffer, read_exactly(segment, found.position,
                                                    static_cast<size_t>(found.header.size_bytes)));
  const auto view = wire::RecordBatchView::parse(buffer.bytes());
  if (!view.ok()) return no_batch_at(segment.path, found.position);
  return OwnedBatch{std::move(buffer), *view};
}

/// As max_timestamp_from(), of one batch.
Result<int64_t> max_timestamp_in(const SegmentLog& segment, const FoundBatch& found,
                                 int64_t from_offset) {
  HAIL_ASSIGN_OR_RETURN(const OwnedBatch batch, read_batch(segment, found));
  wire::RecordReader records(batch.view);
  wire::RecordView record;
  int64_t youngest_ms = -1;
  for (auto more = records.next(record); more.ok() && *more; more = records.next(record)) {
    if (record.offset >= from_offset) youngest_ms = std::max(youngest_ms, record.timestamp_ms);
  }
  return youngest_ms;
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

std::optional<int64_t> end_without_records(Bytes batches) noexcept {
  std::optional<int64_t> end;
  while (const auto header = parse_header(batches)) {
    if (header->size_bytes > wire::batch_format::kHeaderBytes) return std::nullopt;
    end = header->last_offset + 1;
    batches = batches.subspan(static_cast<size_t>(header->size_bytes));
  }
  return end;
}

StoredBytes joined(const StoredBytes& first, const StoredBytes& second) {
  const size_t size = first.bytes.size() + second.bytes.size();
  const auto both = std::make_shared_for_overwrite<uint8_t[]>(size);
  std::ranges::copy(second.bytes, std::ranges::copy(first.bytes, both.get()).out);
  return {both, {both.get(), size}};
}

Result<int64_t> max_timestamp_from(const SegmentLog& segment, int64_t from_offset) {
  constexpr size_t kChunkBytes = 64 << 10;
  int64_t youngest_ms = -1;
  HeaderWalk walk(segment, 0, kChunkBytes);
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(const auto found, walk.next(segment.extent.size_bytes));
    if (!found) return youngest_ms;
    const BatchHeader& header = found->header;
    if (header.last_offset < from_offset || header.max_timestamp_ms <= youngest_ms) continue;
    if (header.base_offset >= from_offset) {
      youngest_ms = header.max_timestamp_ms;
      continue;
    }
    HAIL_ASSIGN_OR_RETURN(const int64_t in_batch_ms,
                          max_timestamp_in(segment, *found, from_offset));
    youngest_ms = std::max(youngest_ms, in_batch_ms);
  }
}

Result<std::optional<TimedOffset>> first_record_since(const SegmentLog& segment,
                                                      const FoundBatch& found, int64_t timestamp_ms,
                                                      int64_t from_offset) {
  HAIL_ASSIGN_OR_RETURN(const OwnedBatch batch, read_batch(segment, found));
  wire::RecordReader records(batch.view);
  wire::RecordView record;
  bool has_earlier = false;
  for (;;) {
    const auto more = records.next(record);
    if (more.ok() && !*more && has_earlier) return std::optional<TimedOffset>();
    // Older brokers took batches that cannot be decoded: then the whole batch counts as one.
    if (!more.ok() || !*more)
      return std::optional(TimedOffset{std::max(batch.view.base_offset(), from_offset),
                                       batch.view.max_timestamp_ms()});
    if (record.timestamp_ms < timestamp_ms) continue;
    if (record.offset >= from_offset)
      return std::optional(TimedOffset{record.offset, record.timestamp_ms});
    has_earlier = true;
  }
}

}  // namespace hailstorm::storage

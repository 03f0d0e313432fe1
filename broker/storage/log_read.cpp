#include <algorithm>
#include <fmt/format.h>

#include "broker/storage/log.h"
#include "common/wire/record_batch_format.h"

/// The half of Log that reads.
namespace hailstorm::storage {
namespace {

struct Buffer {
  std::shared_ptr<uint8_t[]> owner;
  size_t size = 0;

  [[nodiscard]] Bytes bytes() const noexcept { return {owner.get(), size}; }
};

Result<Buffer> read_exactly(File& file, uint64_t position, size_t count, const std::string& path) {
  Buffer buffer{std::make_shared_for_overwrite<uint8_t[]>(count), count};
  HAIL_ASSIGN_OR_RETURN(const size_t got,
                        file.read_at(position, MutableBytes(buffer.owner.get(), count)));
  if (got == count) return buffer;
  return Error(StorageErrc::corrupt, path + " ends at byte " + std::to_string(position + got) +
                                         ", before what was written to it");
}

Error bad_batch(const std::string& path, uint64_t position) {
  return Error(StorageErrc::corrupt, path + " holds no batch at byte " + std::to_string(position) +
                                         " where one was written; look at it with 'hail dump'");
}

/// How many bytes of a segment lie before `visible_end`.
uint64_t visible_bytes(const Segment::Extent& extent, const LogPosition& visible_end) {
  if (extent.base_offset == visible_end.segment_base) return visible_end.position;
  return extent.base_offset < visible_end.segment_base ? extent.size_bytes : 0;
}

}  // namespace

size_t Log::segment_of(int64_t offset) const {
  const auto after = std::upper_bound(
      segments_.begin(), segments_.end(), offset,
      [](int64_t wanted, const auto& segment) { return wanted < segment->extent().base_offset; });
  return static_cast<size_t>(after - segments_.begin()) - 1;
}

Result<std::shared_ptr<File>> Log::file_of(size_t number) {
  const int64_t base = segments_[number]->extent().base_offset;
  if (read_last_base_ >= 0 && read_last_base_ != base) {
    for (const auto& segment : segments_) {
      if (segment->extent().base_offset == read_last_base_ && segment != segments_.back())
        segment->close_file();
    }
  }
  read_last_base_ = number + 1 < segments_.size() ? base : -1;
  return segments_[number]->file();
}

Result<StoredBytes> Log::read(int64_t offset, int64_t max_bytes, const LogPosition& visible_end) {
  if (offset < start_offset() || offset > end_offset())
    return Error(StorageErrc::out_of_range, fmt::format("offset {} is outside {} to {}", offset,
                                                        start_offset(), end_offset()));
  if (offset >= visible_end.offset) return StoredBytes{};
  const size_t number = segment_of(offset);
  Segment& segment = *segments_[number];
  HAIL_ASSIGN_OR_RETURN(const auto file, file_of(number));
  const uint64_t limit = visible_bytes(segment.extent(), visible_end);
  HAIL_ASSIGN_OR_RETURN(const uint64_t start, segment.find(offset, limit));

  const auto wanted = std::max<int64_t>(max_bytes, wire::batch_format::kHeaderBytes);
  auto count =
      static_cast<size_t>(std::min<uint64_t>(static_cast<uint64_t>(wanted), limit - start));
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(const Buffer buffer,
                          read_exactly(*file, start, count, segment.log_path()));
    const WholeBatches whole = whole_batches(buffer.bytes());
    if (whole.size_bytes > 0)
      return StoredBytes{buffer.owner, buffer.bytes().first(whole.size_bytes)};
    // Not even one: the first is larger than max_bytes and returned all the same.
    if (!whole.first || whole.first->size_bytes > limit - start)
      return bad_batch(segment.log_path(), start);
    count = static_cast<size_t>(whole.first->size_bytes);
  }
}

Result<std::optional<Log::TimedOffset>> Log::first_record_since(size_t number,
                                                                const Segment::Found& found,
                                                                int64_t timestamp_ms) {
  const std::string path = segments_[number]->log_path();
  HAIL_ASSIGN_OR_RETURN(const auto file, file_of(number));
  HAIL_ASSIGN_OR_RETURN(
      const Buffer buffer,
      read_exactly(*file, found.position, static_cast<size_t>(found.header.size_bytes), path));
  const auto batch = wire::RecordBatchView::parse(buffer.bytes());
  if (!batch.ok()) return bad_batch(path, found.position);
  wire::RecordReader records(*batch);
  wire::RecordView record;
  for (;;) {
    const auto more = records.next(record);
    // An older broker took batches that cannot be decoded: the whole of such a one counts.
    if (!more.ok() || !*more) {
      return std::optional<TimedOffset>(
          TimedOffset{batch->base_offset(), batch->max_timestamp_ms()});
    }
    if (record.timestamp_ms >= timestamp_ms)
      return std::optional<TimedOffset>(TimedOffset{record.offset, record.timestamp_ms});
  }
}

Result<std::optional<Log::TimedOffset>> Log::offset_at(int64_t timestamp_ms,
                                                       const LogPosition& visible_end) {
  for (size_t i = 0; i < segments_.size(); ++i) {
    Segment& segment = *segments_[i];
    const uint64_t limit = visible_bytes(segment.extent(), visible_end);
    if (limit == 0) break;
    if (segment.extent().base_offset < start_offset()) continue;
    if (segment.extent().max_timestamp_ms < timestamp_ms) continue;
    HAIL_ASSIGN_OR_RETURN(const auto file, file_of(i));
    HAIL_ASSIGN_OR_RETURN(const auto found, segment.find_time(timestamp_ms, limit));
    if (found) return first_record_since(i, *found, timestamp_ms);
  }
  return std::optional<TimedOffset>();
}

}  // namespace hailstorm::storage

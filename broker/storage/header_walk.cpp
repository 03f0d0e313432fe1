#include "broker/storage/header_walk.h"

#include <fmt/format.h>

#include "common/wire/record_batch_format.h"

namespace hailstorm::storage {

Error no_batch_at(const std::string& path, uint64_t position) {
  return Error(StorageErrc::corrupt,
               fmt::format("{} holds no batch at byte {} where one was written; look at it with "
                           "'hail dump'",
                           path, position));
}

HeaderWalk::HeaderWalk(const SegmentLog& log, uint64_t position, size_t chunk_bytes)
    : log_(log),
      window_(log.file, chunk_bytes),
      position_(position),
      expected_(position == 0 ? log.extent.base_offset : -1) {}

Result<std::optional<FoundBatch>> HeaderWalk::next(uint64_t limit) {
  if (position_ >= limit) return std::optional<FoundBatch>();
  HAIL_ASSIGN_OR_RETURN(const Bytes bytes, window_.at(position_, wire::batch_format::kHeaderBytes));
  const auto header = parse_header(bytes);
  if (!header || header->size_bytes > log_.extent.size_bytes - position_ ||
      (expected_ >= 0 && header->base_offset != expected_))
    return no_batch_at(log_.path, position_);
  const FoundBatch found{position_, *header};
  position_ += header->size_bytes;
  expected_ = header->last_offset + 1;
  return std::optional<FoundBatch>(found);
}

Result<FoundBatch> batch_at(const SegmentLog& log, uint64_t position) {
  HeaderWalk walk(log, position, wire::batch_format::kHeaderBytes);
  HAIL_ASSIGN_OR_RETURN(const auto found, walk.next(log.extent.size_bytes));
  if (!found) return no_batch_at(log.path, position);
  return *found;
}

}  // namespace hailstorm::storage

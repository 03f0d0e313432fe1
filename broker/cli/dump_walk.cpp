#include "broker/cli/dump_walk.h"

#include <fmt/format.h>

#include "broker/storage/batch_header.h"
#include "broker/storage/segment_walk.h"
#include "broker/storage/whole_file.h"
#include "common/wire/crc32c.h"
#include "common/wire/record_batch_format.h"

namespace hailstorm::cli {
namespace {

namespace format = wire::batch_format;

constexpr size_t kChunkBytes = 1 << 20;

/// The bytes that the header at `position` claims, as far as the file has them.
Result<Bytes> claimed_bytes(storage::FileWindow& window, uint64_t position, uint64_t size) {
  HAIL_ASSIGN_OR_RETURN(const Bytes start, window.at(position, format::kHeaderBytes));
  const uint64_t claimed = wire::claimed_batch_bytes(start);
  if (claimed == 0) return start;
  return window.at(position, static_cast<size_t>(std::min(claimed, size - position)));
}

/// What recovery holds against a batch that is sound by itself.
std::optional<std::string> misplaced(const wire::RecordBatchView& batch,
                                     std::optional<int64_t> expected) {
  if (batch.leader_epoch() != storage::kLeaderEpoch)
    return fmt::format("a batch of leader epoch {}", batch.leader_epoch());
  if (expected && batch.base_offset() != *expected)
    return fmt::format("a batch of offset {} where {} comes next", batch.base_offset(), *expected);
  return std::nullopt;
}

DumpedBatch judge(const wire::RecordBatchView& batch, uint64_t position,
                  std::optional<int64_t> expected) {
  DumpedBatch dumped{position, batch, wire::crc32c(batch.bytes().subspan(format::kAttributes)),
                     std::nullopt, false};
  if (const auto sound = wire::RecordBatchView::parse(batch.bytes()); !sound.ok()) {
    dumped.damage = sound.error().message();
  } else if (const auto records = wire::check_records(batch); !records.ok()) {
    dumped.damage = records.error().message();
  } else {
    dumped.is_whole = true;
    dumped.damage = misplaced(batch, expected);
  }
  return dumped;
}

}  // namespace

Status dump_walk(storage::File& file, std::optional<int64_t> base_offset,
                 const std::function<void(const DumpedBatch&)>& on_batch,
                 const std::function<void(const Unreadable&)>& on_unreadable) {
  HAIL_ASSIGN_OR_RETURN(const uint64_t size, file.size());
  storage::FileWindow window(file, static_cast<size_t>(std::min<uint64_t>(size, kChunkBytes)));
  std::optional<int64_t> expected = base_offset;
  int64_t known_end = base_offset.value_or(0);  // no batch behind begins before it
  for (uint64_t position = 0; position < size;) {
    HAIL_ASSIGN_OR_RETURN(const Bytes bytes, claimed_bytes(window, position, size));
    const auto seen = wire::RecordBatchView::parse_unchecked(bytes);
    if (seen.ok()) {
      const DumpedBatch dumped = judge(*seen, position, expected);
      on_batch(dumped);
      position += seen->size_bytes();
      expected.reset();
      if (dumped.is_whole) expected = known_end = seen->last_offset() + 1;
      if (seen->base_offset() == known_end) known_end = seen->last_offset() + 1;  // most likely
      continue;
    }
    HAIL_ASSIGN_OR_RETURN(const auto behind,
                          storage::find_batch_after(file, size, position, known_end));
    on_unreadable({position, behind, seen.error().message()});
    if (!behind) return {};
    position = *behind;
    expected.reset();
  }
  return {};
}

}  // namespace hailstorm::cli

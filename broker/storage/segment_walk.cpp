#include "broker/storage/segment_walk.h"

#include <algorithm>
#include <fmt/format.h>

#include "broker/storage/whole_file.h"
#include "common/wire/record_batch_format.h"

namespace hailstorm::storage {
namespace {

constexpr size_t kWalkChunkBytes = 1 << 20;

struct Checked {
  std::optional<BatchHeader> header;
  std::optional<wire::RecordBatchView> batch;
  std::string why;
  bool is_foreign = false;
};

Result<Checked> check_batch(FileWindow& window, uint64_t position, uint64_t size) {
  HAIL_ASSIGN_OR_RETURN(const Bytes start, window.at(position, wire::batch_format::kHeaderBytes));
  Checked checked;
  const size_t claimed = wire::claimed_batch_bytes(start);
  if (claimed == 0 || claimed > size - position) {
    checked.why = "no whole batch header";
    return checked;
  }
  HAIL_ASSIGN_OR_RETURN(const Bytes bytes, window.at(position, claimed));
  const auto batch = wire::RecordBatchView::parse(bytes);
  const auto header = parse_header(bytes);
  if (batch.ok() && header) {
    checked.header = header;
    checked.batch = *batch;
    return checked;
  }
  checked.why = batch.ok()
                    ? fmt::format("a batch of leader epoch {} at offset {}; only {} is served",
                                  batch->leader_epoch(), batch->base_offset(), kLeaderEpoch)
                    : batch.error().message();
  checked.is_foreign = wire::is_whole_batch(bytes);
  return checked;
}

}  // namespace

Result<SegmentWalk> walk_segment(
    File& file, uint64_t size, int64_t base_offset,
    const std::function<void(const wire::RecordBatchView&, const BatchHeader&)>& visit,
    uint64_t from) {
  FileWindow window(file, std::min<uint64_t>(size - from, kWalkChunkBytes));
  SegmentWalk walk;
  walk.good_bytes = from;
  walk.end_offset = base_offset;
  while (walk.good_bytes < size) {
    HAIL_ASSIGN_OR_RETURN(Checked checked, check_batch(window, walk.good_bytes, size));
    if (checked.batch && checked.header->base_offset != walk.end_offset) {
      checked.why = fmt::format("a batch of offset {} where {} comes next",
                                checked.header->base_offset, walk.end_offset);
    }
    if (!checked.why.empty()) {
      walk.why = std::move(checked.why);
      walk.is_foreign = checked.is_foreign;
      break;
    }
    visit(*checked.batch, *checked.header);
    walk.good_bytes += checked.header->size_bytes;
    walk.end_offset = checked.header->last_offset + 1;
  }
  return walk;
}

Result<std::optional<uint64_t>> find_batch_after(File& file, uint64_t size, uint64_t from,
                                                 int64_t expected) {
  FileWindow window(file, std::min<uint64_t>(size - from, kWalkChunkBytes));
  // Offsets cannot have risen by more than the records that fit in between, which makes false finds
  // in a record's payload all but impossible and the search fast.
  const auto most =
      expected + static_cast<int64_t>((size - from) / wire::batch_format::kRecordBytesMin) + 1;
  for (uint64_t position = from; position + wire::batch_format::kHeaderBytes <= size; ++position) {
    HAIL_ASSIGN_OR_RETURN(const Bytes bytes, window.at(position, wire::batch_format::kHeaderBytes));
    const auto header = parse_header(bytes);
    if (!header || header->base_offset <= expected || header->base_offset > most) continue;
    HAIL_ASSIGN_OR_RETURN(const Checked checked, check_batch(window, position, size));
    if (checked.batch) return std::optional<uint64_t>(position);
  }
  return std::optional<uint64_t>();
}

}  // namespace hailstorm::storage

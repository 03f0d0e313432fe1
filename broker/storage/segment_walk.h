#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "broker/storage/batch_header.h"
#include "broker/storage/file_system.h"
#include "common/wire/record_batch.h"

namespace hailstorm::storage {

/// How far a segment file holds whole batches, each with a true CRC, whose offsets follow each
/// other.
struct SegmentWalk {
  uint64_t good_bytes = 0;
  int64_t end_offset = 0;
  std::string why;          // what stands at good_bytes, or empty when that is the end of the file
  bool is_foreign = false;  // a whole batch with a true CRC, of a kind not written here
};

/// Walks `file` (of `size` bytes) from byte `from` on, where a batch with `base_offset` begins, and
/// calls `visit` for each good batch. Errors: io.
[[nodiscard]] Result<SegmentWalk> walk_segment(
    File& file, uint64_t size, int64_t base_offset,
    const std::function<void(const wire::RecordBatchView&, const BatchHeader&)>& visit,
    uint64_t from = 0);

/// The position of a whole batch with a true CRC at or after `from` that can only have been
/// written after offset `expected`, or nothing. Errors: io.
[[nodiscard]] Result<std::optional<uint64_t>> find_batch_after(File& file, uint64_t size,
                                                               uint64_t from, int64_t expected);

}  // namespace hailstorm::storage

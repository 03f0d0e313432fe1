#pragma once

#include <cstdint>
#include <string>

#include "broker/storage/file_system.h"
#include "broker/storage/header_walk.h"
#include "broker/storage/stored_bytes.h"

namespace hailstorm::storage {

/// A record's offset and the time that it carries.
struct TimedOffset {
  int64_t offset = 0;
  int64_t timestamp_ms = 0;
};

/// Whole batches from byte `start` on, where one begins: at most `max_bytes`, but always one batch,
/// and nothing from byte `limit` on. Errors: io, corrupt.
[[nodiscard]] Result<StoredBytes> read_batches(const SegmentLog& segment, uint64_t start,
                                               uint64_t limit, int64_t max_bytes);

/// The first record of a batch at or after this time; the batch's base offset where its records
/// cannot be decoded. Errors: io, corrupt.
[[nodiscard]] Result<TimedOffset> first_record_since(const SegmentLog& segment,
                                                     const FoundBatch& batch, int64_t timestamp_ms);

}  // namespace hailstorm::storage

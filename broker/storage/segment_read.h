#pragma once

#include <cstdint>
#include <optional>
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

/// The offset after these whole batches, where compaction left none of them a record; nothing where
/// one of them has one, or where there is no batch.
[[nodiscard]] std::optional<int64_t> end_without_records(Bytes batches) noexcept;
/// Both after each other, in memory of their own.
[[nodiscard]] StoredBytes joined(const StoredBytes& first, const StoredBytes& second);

/// The highest timestamp of the segment's records at or after `from_offset`, as far as its batches
/// can be decoded; -1: there are none. Reads all headers from there on. Errors: io, corrupt.
[[nodiscard]] Result<int64_t> max_timestamp_from(const SegmentLog& segment, int64_t from_offset);

/// The first record of a batch at or after this time and offset, or nothing. A batch whose records
/// cannot be decoded, or do not have the time that its header claims, counts as one record. Errors:
/// io, corrupt.
[[nodiscard]] Result<std::optional<TimedOffset>> first_record_since(const SegmentLog& segment,
                                                                    const FoundBatch& batch,
                                                                    int64_t timestamp_ms,
                                                                    int64_t from_offset);

}  // namespace hailstorm::storage

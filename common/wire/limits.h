#pragma once

#include <cstdint>

/// How large a record, its batch and a topic may be: for producers, the broker, the services and
/// the tools.
namespace hailstorm::wire {

/// The largest batch that a topic takes when it was made without a limit of its own
/// (max_batch_bytes).
inline constexpr int32_t kMaxBatchBytes = 4 << 20;

/// What a topic's own limit may be.
inline constexpr int32_t kLeastMaxBatchBytes = 1 << 10;
inline constexpr int32_t kMostMaxBatchBytes = 16 << 20;

/// How many partitions a topic may have, and how small the files of its log may be.
inline constexpr int32_t kMaxTopicPartitions = 1024;
inline constexpr int32_t kMinSegmentBytes = 1 << 10;

/// Of a batch of one record, what its own header and the record's lengths take at most, and some
/// more.
inline constexpr int64_t kBatchOverheadBytes = 1'088;
/// What the two lengths of a record's header may take.
inline constexpr int64_t kHeaderOverheadBytes = 10;

/// What key, value and headers of one record may come to, with kHeaderOverheadBytes more for each
/// header. Each topic that was made without a limit of its own takes such a record.
inline constexpr int64_t kMaxRecordBytes = kMaxBatchBytes - kBatchOverheadBytes;

}  // namespace hailstorm::wire

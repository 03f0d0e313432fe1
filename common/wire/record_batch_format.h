#pragma once

#include <cstddef>
#include <cstdint>

/// Kafka's record batch, format v2 (magic 2): where each field of the 61-byte header lies. All
/// integers are big-endian. docs/log-format.md works one batch out byte by byte. Source:
/// https://kafka.apache.org/documentation/#recordbatch
namespace hailstorm::wire::batch_format {

inline constexpr size_t kBaseOffset = 0;             // i64
inline constexpr size_t kBatchLength = 8;            // i32: bytes after this field
inline constexpr size_t kPartitionLeaderEpoch = 12;  // i32
inline constexpr size_t kMagic = 16;                 // i8
inline constexpr size_t kCrc = 17;              // u32: CRC-32C of all from kAttributes to the end
inline constexpr size_t kAttributes = 21;       // i16
inline constexpr size_t kLastOffsetDelta = 23;  // i32
inline constexpr size_t kBaseTimestamp = 27;    // i64, ms
inline constexpr size_t kMaxTimestamp = 35;     // i64, ms
inline constexpr size_t kProducerId = 43;       // i64, -1: none
inline constexpr size_t kProducerEpoch = 51;    // i16
inline constexpr size_t kBaseSequence = 53;     // i32
inline constexpr size_t kRecordCount = 57;      // i32
inline constexpr size_t kHeaderBytes = 61;

/// No record is shorter: its length, attributes, two deltas, two lengths and a header count.
inline constexpr size_t kRecordBytesMin = 7;

/// Bytes before and including the length field; a batch is kLengthOverhead + batch length bytes
/// long.
inline constexpr size_t kLengthOverhead = 12;

inline constexpr int8_t kMagicV2 = 2;
inline constexpr int16_t kCompressionMask = 0x07;
inline constexpr int16_t kTimestampTypeMask = 0x08;
inline constexpr int16_t kTransactionalMask = 0x10;
inline constexpr int16_t kControlMask = 0x20;
/// The base timestamp is the time until which compaction keeps records without a value.
inline constexpr int16_t kDeleteHorizonMask = 0x40;

}  // namespace hailstorm::wire::batch_format

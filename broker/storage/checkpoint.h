#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "broker/storage/file_system.h"
#include "broker/storage/producer_state.h"

namespace hailstorm::storage {

/// A clean point of one partition, kept in its file `checkpoint`. All before `end_offset` was
/// durable then, and these were the segments and producers. Recovery starts there.
///
/// Text, one fact a line; the last line is a CRC-32C of all lines before it. Format 3, of older
/// programs that had no file `partition`, differs in its number only:
///   hailstorm-checkpoint 4
///   partition NAME
///   end OFFSET
///   forgotten 0|1
///   compacted OFFSET                      no line: nothing
///   segment BASE BYTES MAX_TIMESTAMP      oldest first; the last one was still growing
///   producer ID EPOCH [FIRST_SEQUENCE LAST_SEQUENCE BASE_OFFSET LAST_OFFSET]…
///   crc HEX
///
/// Thread safety: a value.
struct Checkpoint {
  struct SegmentEntry {
    int64_t base_offset = 0;
    uint64_t size_bytes = 0;
    int64_t max_timestamp_ms = -1;
  };
  int format = 4;
  std::string partition;  // its folder's name
  int64_t end_offset = 0;
  bool has_forgotten = false;
  int64_t compacted_to = 0;  // compaction has seen all records before this
  std::vector<SegmentEntry> segments;
  std::vector<ProducerState::Producer> producers;
};

[[nodiscard]] std::string encode(const Checkpoint& checkpoint);
/// Nothing if it is not what encode() gave.
[[nodiscard]] std::optional<Checkpoint> decode_checkpoint(std::string_view text);

/// The folder's checkpoint; nothing if there is none, or it is damaged. It may be another
/// partition's.
[[nodiscard]] std::optional<Checkpoint> read_checkpoint(FileSystem& files,
                                                        const std::string& folder);

}  // namespace hailstorm::storage

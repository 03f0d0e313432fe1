#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "broker/storage/file_system.h"
#include "common/wire/record_batch.h"

namespace hailstorm::cli {

/// One batch as it is in the file.
struct DumpedBatch {
  uint64_t position = 0;
  wire::RecordBatchView batch;
  uint32_t crc = 0;                   // of the bytes, to compare with the header's
  std::optional<std::string> damage;  // what is wrong with it, if anything
  bool is_whole = false;              // its CRC is right and its records can be read
};

/// Bytes that are no batch.
struct Unreadable {
  uint64_t from = 0;
  std::optional<uint64_t> until;  // where the next batch begins; nothing: there is none
  std::string why;
};

/// Walks a segment's file from its start. Shows a batch whose length is possible even when its
/// bytes are damaged. After bytes that are no batch it goes on at the next whole batch. A batch
/// that recovery would not accept at its place is damage too: its offset does not follow the last
/// one, or is not `base_offset`, which the file's name says, at the start. Errors: io.
[[nodiscard]] Status dump_walk(storage::File& file, std::optional<int64_t> base_offset,
                               const std::function<void(const DumpedBatch&)>& on_batch,
                               const std::function<void(const Unreadable&)>& on_unreadable);

}  // namespace hailstorm::cli

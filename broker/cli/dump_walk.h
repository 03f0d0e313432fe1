#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "broker/storage/file_system.h"
#include "common/wire/record_batch.h"

namespace hailstorm::cli {

/// One batch as it lies in the file.
struct DumpedBatch {
  uint64_t position = 0;
  wire::RecordBatchView batch;
  uint32_t crc = 0;                   // what its bytes have
  std::optional<std::string> damage;  // what is wrong with it, if anything
  bool is_whole = false;              // its CRC is right and its records can be read
};

/// Bytes that are no batch.
struct Unreadable {
  uint64_t from = 0;
  std::optional<uint64_t> until;  // where a batch stands again
  std::string why;
};

/// Walks a segment's file from its start. A batch whose length holds is shown even when its bytes
/// are damaged; behind what is no batch it goes on where the next whole one stands. What recovery
/// would not take for the next batch is damage here too: offsets that do not follow each other, or
/// do not begin with `base_offset` where the file's name tells it. Errors: io.
[[nodiscard]] Status dump_walk(storage::File& file, std::optional<int64_t> base_offset,
                               const std::function<void(const DumpedBatch&)>& on_batch,
                               const std::function<void(const Unreadable&)>& on_unreadable);

}  // namespace hailstorm::cli

#pragma once

#include <cstdint>

namespace hailstorm::storage {

/// Where a batch stands. An acknowledgement waits until high_watermark() > last_offset, also for a
/// duplicate: its first copy may still be on the way to the disk.
struct Appended {
  int64_t base_offset = 0;
  int64_t last_offset = 0;
  bool duplicate = false;  // the same batch was there already; nothing was written
};

}  // namespace hailstorm::storage

#pragma once

#include <cstdint>

namespace hailstorm::storage {

/// The offsets that a batch has in the log. Its acknowledgement waits until the high watermark is
/// above last_offset, also for a duplicate: the first copy may not be durable yet.
struct Appended {
  int64_t base_offset = 0;
  int64_t last_offset = 0;
  bool duplicate = false;  // the same batch was there already; nothing was written
};

}  // namespace hailstorm::storage

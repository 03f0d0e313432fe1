#pragma once

#include <cstdint>
#include <vector>

#include "common/log/log.h"
#include "common/wire/record_batch.h"

namespace hailstorm::log::hail {

/// Records of one partition on their way to the broker, with those who wait for them.
struct Batch {
  wire::RecordBatchBuilder builder;
  std::vector<DeliveryCallback> callbacks;  // one per record
  int64_t opened_ms = 0;                    // steady clock
  uint64_t first_ticket = 0;  // tickets count the records of a producer in the order of send()
  size_t bytes = 0;           // what its records count against the producer's bound

  [[nodiscard]] int32_t record_count() const { return static_cast<int32_t>(callbacks.size()); }
};

}  // namespace hailstorm::log::hail

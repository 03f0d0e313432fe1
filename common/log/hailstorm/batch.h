#pragma once

#include <cstdint>
#include <vector>

#include "common/log/producer.h"
#include "common/wire/record_batch.h"

namespace hailstorm::log::hail {

/// The callback of some records in a row of one batch: of one record, or of all of them.
struct Waiter {
  DeliveryCallback one;
  BatchCallback many;
  int32_t record_count = 1;
};

/// Records of one partition on their way to the broker, with their callbacks.
struct Batch {
  wire::RecordBatchBuilder builder;
  std::vector<Waiter> waiters;  // in the order of their records
  int32_t record_count = 0;
  bool is_bound = false;      // to its partition, by a key or by its number
  int64_t opened_ms = 0;      // steady clock
  uint64_t first_ticket = 0;  // tickets count the records of a producer in the order of send()
  size_t bytes = 0;           // what its records count against the producer's bound
};

/// Calls the callbacks of all records. `base_offset`: of the first of them (-1: written, but the
/// offset is not known), or their error.
void report(const Batch& batch, const TopicPartition& id, const Result<int64_t>& base_offset);

}  // namespace hailstorm::log::hail

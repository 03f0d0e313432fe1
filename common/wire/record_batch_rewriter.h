#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/wire/record_batch.h"

namespace hailstorm::wire {

/// Until when compaction keeps the batch's records without a value, in ms since 1970 UTC; nothing:
/// no compaction has said so yet.
[[nodiscard]] std::optional<int64_t> delete_horizon_ms(const RecordBatchView& batch);

/// Writes a batch again without some of its records. All that is kept has its offset, time, key,
/// value and headers, and the batch has its range of offsets, its codec, its producer and the
/// sequences of that, as if nothing were missing.
///
/// Thread safety: not safe. The batch's bytes must remain live while it is in use.
class RecordBatchRewriter {
 public:
  /// `horizon_ms` is what delete_horizon_ms() gives of the new batch.
  RecordBatchRewriter(const RecordBatchView& batch, std::optional<int64_t> horizon_ms);

  /// REQUIRES: a record of this batch, of a higher offset than the one kept before.
  void keep(const RecordView& record);

  /// The new batch; a bare header where nothing was kept.
  [[nodiscard]] std::vector<uint8_t> finish();

 private:
  RecordBatchView batch_;
  std::optional<int64_t> horizon_ms_;
  int64_t base_timestamp_ms_;
  int64_t max_timestamp_ms_ = -1;
  int32_t record_count_ = 0;
  std::vector<uint8_t> buffer_;
};

/// A batch without records and without a producer, in the place of offsets whose records are gone.
/// REQUIRES: last_offset - base_offset fits into 31 bits.
[[nodiscard]] std::vector<uint8_t> empty_batch(int64_t base_offset, int64_t last_offset);

}  // namespace hailstorm::wire

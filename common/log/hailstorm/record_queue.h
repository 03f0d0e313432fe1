#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "common/log/hailstorm/connection.h"
#include "common/log/log.h"
#include "common/wire/record_batch.h"

namespace hailstorm::log::hail {

/// One partition's fetched batches, decoded only as far as somebody takes records.
///
/// Thread safety: not safe.
class RecordQueue {
 public:
  /// Takes whole batches as they were fetched. Gives the offset behind the last of them; error
  /// corrupt: the bytes are no batches, and nothing was taken.
  [[nodiscard]] Result<int64_t> push(Frame frame);

  using Visitor = std::function<void(const wire::RecordView&)>;

  /// Shows up to `max` records with offsets from `position` on, moves `position` behind them, and
  /// gives how many there were. Error corrupt: a batch whose CRC or records are wrong comes first,
  /// and stays so; what is before it is shown by calls that succeed.
  [[nodiscard]] Result<size_t> take(const TopicPartition& id, size_t max, int64_t& position,
                                    const Visitor& visit);

  [[nodiscard]] bool empty() const { return frames_.empty() && !reader_; }
  /// Of the frames that are not read to their end.
  [[nodiscard]] size_t size_bytes() const { return size_bytes_; }

 private:
  [[nodiscard]] Result<bool> next(const TopicPartition& id, int64_t position,
                                  wire::RecordView& view);
  [[nodiscard]] Status open_next_batch(const TopicPartition& id, int64_t position);

  std::deque<Frame> frames_;  // bytes: what is not opened yet
  std::optional<wire::RecordReader> reader_;
  std::deque<size_t> frame_sizes_;
  size_t size_bytes_ = 0;
};

}  // namespace hailstorm::log::hail

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "common/log/hailstorm/transport.h"
#include "common/log/types.h"
#include "common/wire/record_batch.h"

namespace hailstorm::log::hail {

/// One partition's fetched batches, decoded only as far as records are taken.
///
/// Thread safety: not safe.
class RecordQueue {
 public:
  /// Takes whole batches as they were fetched from `from` on. Gives the offset after the last of
  /// them; error corrupt: the bytes are no batches, and nothing was taken.
  [[nodiscard]] Result<int64_t> push(Frame frame, int64_t from);

  /// `undecodable` is not null where no record can be decoded: then the view has its first offset
  /// and no contents.
  using Visitor = std::function<void(const wire::RecordView&, const Undecodable* undecodable)>;

  /// Shows up to `max` items with offsets from `position` on, moves `position` after them, and
  /// gives how many there were: records, and places that nobody can decode. Error corrupt: the next
  /// batch has a wrong CRC or length, now and in later calls. Items before it are shown first, by
  /// calls that succeed.
  [[nodiscard]] Result<size_t> take(const TopicPartition& id, size_t max, int64_t& position,
                                    const Visitor& visit);

  [[nodiscard]] bool empty() const { return frames_.empty() && !reader_; }
  /// Of the frames that are not read to their end.
  [[nodiscard]] size_t size_bytes() const { return size_bytes_; }

 private:
  /// The next record, or place (then `undecodable_` is set). False: there is none.
  [[nodiscard]] Result<bool> next(const TopicPartition& id, int64_t position,
                                  wire::RecordView& view);
  /// True: it is a place, as next() gives it.
  [[nodiscard]] Result<bool> open_next_batch(const TopicPartition& id, int64_t position,
                                             wire::RecordView& view);
  /// True: the place is not before `position`; `view` has its first offset.
  [[nodiscard]] bool show_place(int64_t first_offset, int64_t last_offset, const Error& why,
                                int64_t position, wire::RecordView& view);

  std::deque<Frame> frames_;  // bytes: what is not opened yet
  std::optional<wire::RecordReader> reader_;
  int64_t last_offset_ = -1;                // of the batch that reader_ reads
  std::optional<Undecodable> undecodable_;  // what next() gave, unless it was a record
  std::deque<size_t> frame_sizes_;
  size_t size_bytes_ = 0;
};

}  // namespace hailstorm::log::hail

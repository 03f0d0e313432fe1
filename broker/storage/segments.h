#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "broker/storage/segment.h"

namespace hailstorm::storage {

/// The segments of a log, oldest first. There is at least one; the last one is active: it grows.
/// Numbers count from the oldest, which is 0.
///
/// Thread safety: not safe.
class Segments {
 public:
  explicit Segments(std::vector<std::unique_ptr<Segment>> segments);

  [[nodiscard]] size_t count() const { return segments_.size(); }
  [[nodiscard]] Segment& at(size_t number) { return *segments_[number]; }
  [[nodiscard]] const Segment& at(size_t number) const { return *segments_[number]; }
  [[nodiscard]] const Segment::Extent& extent(size_t number) const {
    return segments_[number]->extent();
  }
  [[nodiscard]] Segment& active() { return *segments_.back(); }
  [[nodiscard]] const Segment& active() const { return *segments_.back(); }
  [[nodiscard]] int64_t size_bytes() const { return size_bytes_; }

  /// The number of the segment that holds `offset`. REQUIRES: the oldest does not begin after it.
  [[nodiscard]] size_t number_of(int64_t offset) const;
  /// How many of the oldest segments end at or before `offset`; the active one does not count.
  [[nodiscard]] size_t count_before(int64_t offset) const;
  /// The segment's log file, opened if it is not. Of the segments before the active one, only the
  /// one that was used last stays open.
  [[nodiscard]] Result<std::shared_ptr<File>> file_of(size_t number);

  /// Writes a batch to the active segment. Errors: as Segment::append().
  [[nodiscard]] Status append(Bytes batch, const BatchHeader& header);
  /// Closes the files of the active segment and makes `next` the active one.
  void roll(std::unique_ptr<Segment> next);
  /// Puts `next` in the place of `count` segments from `number` on, whose files stay. REQUIRES: it
  /// has their offsets, and the active one is not among them.
  void replace(size_t number, size_t count, std::unique_ptr<Segment> next);
  /// Removes the segments that end at or before `offset`, with their files, never the active one.
  /// After an error the rest of them can be removed by another call.
  [[nodiscard]] Status remove_before(int64_t offset);

 private:
  std::vector<std::unique_ptr<Segment>> segments_;
  int64_t size_bytes_ = 0;
  int64_t open_base_ = -1;  // base offset of the segment before the active one whose file is open
};

}  // namespace hailstorm::storage

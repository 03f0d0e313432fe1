#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace hailstorm::lab {

/// When a partition's end was seen to rise: so the age of a record follows from its offset, without
/// reading the record, and also while nobody reads the partition. Bounded: where there are too many
/// points every second one is dropped, so that an age may come out lower.
///
/// Thread safety: not safe.
class EndHistory {
 public:
  /// The next record gets the offset `end`. Times are on the steady clock.
  void note(int64_t end, int64_t now_ms);
  /// When the record at `offset` was first seen to be there: not earlier than the first note().
  /// Nothing: it is not there.
  [[nodiscard]] std::optional<int64_t> seen_at_ms(int64_t offset) const;

 private:
  struct Point {
    int64_t end;
    int64_t at_ms;
  };
  static constexpr size_t kMaxPoints = 512;
  std::deque<Point> points_;  // both rise
};

}  // namespace hailstorm::lab

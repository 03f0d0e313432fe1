#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/events/events.h"

namespace hailstorm::matching {

/// Before and after every event time; their distance fits into an int64_t.
inline constexpr int64_t kBeginMs = -(int64_t{1} << 61);
inline constexpr int64_t kEndMs = int64_t{1} << 61;

/// Where a driver must be, and when: the pickup of a ride that was promised.
struct NextPickup {
  events::GeoPoint place;
  int64_t at_ms = kEndMs;  // kEndMs: no ride follows
};

/// A time without a ride, in event time: the driver waits at `place` from `from_ms` on and the next
/// ride begins at `until_ms`.
struct FreeTime {
  int64_t from_ms = kBeginMs;
  int64_t until_ms = kEndMs;
  events::GeoPoint place;
  NextPickup next;
  int64_t change = 0;  // number of the fleet's change that made it; rises
};

/// What one ride does to a driver, in event time: busy from `from_ms` until just before `until_ms`.
struct Interval {
  int64_t from_ms = 0;
  int64_t until_ms = 0;  // above from_ms
  NextPickup pickup;
  events::GeoPoint dropoff;
};

/// What became different in one driver's free times. One of `added` takes the place of the removed
/// one that begins at the same time.
struct Change {
  int64_t number = 0;
  std::vector<FreeTime> removed;
  std::vector<FreeTime> added;
};

/// One driver's free times; everything between them is busy. Rides may come in any order of event
/// time: each takes its interval out of one free time, and where the driver is afterwards follows
/// from the ride before.
///
/// At most kMostFreeTimes are kept. When there are more, the shortest one is forgotten that is not
/// among the kNewest most recently made. A forgotten time counts as busy, so it never gives a
/// driver two rides at once. The times before the first ride and after the last are never
/// forgotten.
///
/// Thread safety: not safe.
class Schedule {
 public:
  static constexpr size_t kMostFreeTimes = 64;
  static constexpr size_t kNewest = 32;

  /// Free at all times, at `home`.
  explicit Schedule(const events::GeoPoint& home);
  /// Never free.
  Schedule() = default;
  /// REQUIRES: `free` begins when the last one ends, or later.
  void append(const FreeTime& free) { free_.push_back(free); }

  [[nodiscard]] const std::vector<FreeTime>& free() const { return free_; }
  /// The free time in which `time_ms` lies; null: busy.
  [[nodiscard]] const FreeTime* at(int64_t time_ms) const;
  /// Whether the driver is free for a ride of this time and end, and in time for what follows.
  [[nodiscard]] bool has_room(int64_t from_ms, int64_t until_ms,
                              const events::GeoPoint& dropoff) const;

  /// Makes the driver busy. REQUIRES: has_room() for it.
  Change take(const Interval& ride, int64_t number);
  /// Takes a ride back: the driver stays where it was before. Gives nothing, and changes nothing,
  /// when a free time beside the ride was forgotten.
  std::optional<Change> give_back(int64_t from_ms, int64_t until_ms, int64_t number);

 private:
  /// How many free times begin at `time_ms` or before.
  [[nodiscard]] size_t count_begun(int64_t time_ms) const;
  /// Which one to forget.
  [[nodiscard]] size_t least_useful() const;

  std::vector<FreeTime> free_;
};

}  // namespace hailstorm::matching

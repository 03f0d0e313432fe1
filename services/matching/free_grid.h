#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "common/events/events.h"
#include "services/matching/schedule.h"

namespace hailstorm::matching {

/// Every driver's free times by the place where the driver waits, in cells of about 1 km, so that
/// those at one time and place are found without looking at all.
///
/// A cell has its free times by their lengths, and those of one length by their ends: one that is
/// as long as L and holds a time ends within L after it, so a search stops there.
///
/// Thread safety: not safe.
class FreeGrid {
 public:
  struct Cell {
    int32_t row = 0;
    int32_t column = 0;
    friend bool operator==(const Cell&, const Cell&) = default;
  };
  struct Entry {
    int64_t until_ms = 0;
    int64_t from_ms = 0;
    events::GeoPoint place;
    size_t driver = 0;
  };

  [[nodiscard]] static Cell cell_of(const events::GeoPoint& point);

  /// Calls visit(entry) for each free time of the cell in which `time_ms` lies.
  template <class Visit>
  void visit(const Cell& cell, int64_t time_ms, const Visit& visit) const {
    const auto found = cells_.find(cell);
    if (found == cells_.end()) return;
    for (size_t length = 0; length < kLongestMs.size(); ++length) {
      const Entries& entries = found->second[length];
      if (entries.empty() || entries.back().until_ms <= time_ms) continue;  // most often
      const int64_t last_ms = time_ms + kLongestMs[length];
      for (auto one = first_after(entries, time_ms);
           one != entries.end() && one->until_ms <= last_ms; ++one) {
        if (one->from_ms <= time_ms) visit(*one);
      }
    }
  }

  void add(size_t driver, const FreeTime& free);
  /// REQUIRES: it was added.
  void remove(size_t driver, const FreeTime& free);

 private:
  using Entries = std::vector<Entry>;
  // An hour, 19 hours, 12 days, 200 days, 9 years, and whatever is longer.
  static constexpr std::array<int64_t, 6> kLongestMs = {int64_t{1} << 22, int64_t{1} << 26,
                                                        int64_t{1} << 30, int64_t{1} << 34,
                                                        int64_t{1} << 38, int64_t{1} << 62};
  using Lengths = std::array<Entries, kLongestMs.size()>;
  struct Hash {
    size_t operator()(const Cell& cell) const;
  };

  static size_t length_of(const FreeTime& free);
  /// The first that ends after `time_ms`.
  static Entries::const_iterator first_after(const Entries& entries, int64_t time_ms) {
    return std::upper_bound(entries.begin(), entries.end(), time_ms,
                            [](int64_t time, const Entry& entry) { return time < entry.until_ms; });
  }

  std::unordered_map<Cell, Lengths, Hash> cells_;
};

}  // namespace hailstorm::matching

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/json/json.h"

namespace hailstorm::city {

/// Real files of one city reach some 120 km.
inline constexpr int64_t kMostKmFromMedian = 300;
inline constexpr int64_t kMostDaysFromMedian = 365;

/// Why a row is left out.
enum class SkipReason {
  unreadable,  // no time, no place, no record
  at_zero,     // at latitude 0, longitude 0: no place was recorded
  too_far,     // from the file's median point
  other_time,  // too long before or after the file's median time
};
inline constexpr std::array kSkipReasons = {SkipReason::unreadable, SkipReason::at_zero,
                                            SkipReason::too_far, SkipReason::other_time};
[[nodiscard]] std::string_view name_of(SkipReason reason);

/// A row that was left out. Lines count from 1, the header included.
struct SkippedRow {
  int64_t line = 0;
  std::string why;
};

/// The rows of a file that were left out: how many for each reason, and the first of them.
///
/// Thread safety: not safe; const methods are.
class SkippedRows {
 public:
  void add(SkipReason reason, int64_t line, std::string why);

  [[nodiscard]] int64_t count() const;
  [[nodiscard]] int64_t count(SkipReason reason) const {
    return counts_[static_cast<size_t>(reason)];
  }
  /// The first ten of the file.
  [[nodiscard]] std::vector<SkippedRow> first() const;
  /// "3 skipped (2 unreadable, 1 at 0/0)", for people.
  [[nodiscard]] std::string text() const;
  /// How many for each reason: {"unreadable":2,"at_zero":1,"too_far":0,"other_time":0}.
  [[nodiscard]] json::Value to_json() const;

 private:
  std::array<int64_t, kSkipReasons.size()> counts_{};
  std::array<std::vector<SkippedRow>, kSkipReasons.size()> first_;  // ten for each reason
};

}  // namespace hailstorm::city

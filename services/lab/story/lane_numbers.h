#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "services/lab/audit/answers.h"

namespace hailstorm::lab {

/// What the riders of one act saw on one lane.
///
/// Thread safety: not safe.
class LaneNumbers {
 public:
  void add(const Answer& answer);

  [[nodiscard]] int64_t requested() const { return static_cast<int64_t>(latencies_ms_.size()); }
  [[nodiscard]] int64_t accepted() const { return accepted_; }
  [[nodiscard]] int64_t failed() const { return requested() - accepted_; }
  /// How many failed with each HTTP status; 0: no answer came.
  [[nodiscard]] const std::map<int, int64_t>& failures() const { return failures_; }
  /// The latency that `share` (0 to 1) of all answers do not exceed, in ms; 0 without answers.
  [[nodiscard]] double latency_ms(double share) const;

 private:
  std::vector<double> latencies_ms_;
  int64_t accepted_ = 0;
  std::map<int, int64_t> failures_;
};

}  // namespace hailstorm::lab

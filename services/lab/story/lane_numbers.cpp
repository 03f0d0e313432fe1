#include "services/lab/story/lane_numbers.h"

#include <algorithm>
#include <cmath>

namespace hailstorm::lab {

void LaneNumbers::add(const Answer& answer) {
  latencies_ms_.push_back(answer.latency_ms);
  if (answer.accepted()) {
    ++accepted_;
  } else {
    ++failures_[answer.status];
  }
}

double LaneNumbers::latency_ms(double share) const {
  if (latencies_ms_.empty()) return 0;
  auto sorted = latencies_ms_;
  const auto rank = std::ceil(share * static_cast<double>(sorted.size()));
  const auto index = static_cast<size_t>(std::max(1.0, rank)) - 1;
  const auto nth = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(index, sorted.size() - 1));
  std::nth_element(sorted.begin(), nth, sorted.end());
  return *nth;
}

}  // namespace hailstorm::lab

#include "services/lab/platform/end_history.h"

#include <algorithm>

namespace hailstorm::lab {

void EndHistory::note(int64_t end, int64_t now_ms) {
  // Lower: the topic was made again.
  if (!points_.empty() && end < points_.back().end) points_.clear();
  if (!points_.empty() && end == points_.back().end) return;
  points_.push_back({end, now_ms});
  if (points_.size() < kMaxPoints) return;
  std::deque<Point> kept;
  for (size_t i = 1; i < points_.size(); i += 2) kept.push_back(points_[i]);
  points_ = std::move(kept);
}

std::optional<int64_t> EndHistory::seen_at_ms(int64_t offset) const {
  const auto first = std::upper_bound(points_.begin(), points_.end(), offset,
                                      [](int64_t at, const Point& one) { return at < one.end; });
  if (first == points_.end()) return std::nullopt;
  return first->at_ms;
}

}  // namespace hailstorm::lab

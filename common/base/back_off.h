#pragma once

#include <algorithm>

namespace hailstorm {

/// The pauses between attempts that fail: each is twice as long as the one before, up to a limit.
///
/// Thread safety: not safe.
class BackOff {
 public:
  BackOff(int first_ms, int longest_ms)
      : first_ms_(first_ms), longest_ms_(longest_ms), next_ms_(first_ms) {}

  /// The pause to make now.
  [[nodiscard]] int next_ms() {
    const int pause_ms = next_ms_;
    next_ms_ = std::min(2 * next_ms_, longest_ms_);
    return pause_ms;
  }
  /// An attempt succeeded.
  void reset() { next_ms_ = first_ms_; }

 private:
  int first_ms_;
  int longest_ms_;
  int next_ms_;
};

}  // namespace hailstorm

#pragma once

#include <algorithm>

#include "common/base/stop_signal.h"

namespace hailstorm::service {

/// A pause that doubles at each failure, up to a limit.
///
/// Thread safety: not safe.
class BackOff {
 public:
  /// True when a stop was requested meanwhile.
  [[nodiscard]] bool pause(StopSignal& stop) {
    const bool stopped = stop.wait_for(pause_ms_);
    pause_ms_ = std::min(2 * pause_ms_, kLongestMs);
    return stopped;
  }

 private:
  static constexpr int kLongestMs = 2000;
  int pause_ms_ = 20;
};

}  // namespace hailstorm::service

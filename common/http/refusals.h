#pragma once

#include <cstddef>
#include <cstdint>

#include "common/http/http.h"

namespace hailstorm::http {

/// The answer to a connection above the limit.
[[nodiscard]] Response too_many_connections();

/// Counts the connections that were refused, or ended for new ones, and warns of them at most once
/// a second.
///
/// Thread safety: not safe.
class Refusals {
 public:
  void count_refused() { ++refused_; }
  void count_ended() { ++ended_; }
  /// `open`: how many connections there are, of `limit`.
  void warn(int64_t now_ms, size_t open, size_t limit);

 private:
  // Since the last warning.
  int64_t refused_ = 0;
  int64_t ended_ = 0;
  int64_t warned_ms_ = 0;
};

}  // namespace hailstorm::http

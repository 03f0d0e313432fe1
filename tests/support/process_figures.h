#pragma once

#include <cstdint>
#include <sys/types.h>

namespace hailstorm::testing {

/// What /proc says of a process now.
struct ProcessFigures {
  double cpu_s = 0;  // user and system, since its start
  double rss_mb = 0;
  double peak_rss_mb = 0;
  int64_t descriptors = 0;
  int64_t threads = 0;
};
[[nodiscard]] ProcessFigures figures_of(pid_t pid);

}  // namespace hailstorm::testing

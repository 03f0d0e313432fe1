#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

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

/// The processes that `pid` has started and that these have started, without itself.
[[nodiscard]] std::vector<pid_t> descendants_of(pid_t pid);
/// Its program and arguments, separated by spaces; empty: it is gone.
[[nodiscard]] std::string command_line_of(pid_t pid);

}  // namespace hailstorm::testing

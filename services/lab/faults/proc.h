#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace hailstorm::lab {

/// The kernel's view of a process (/proc/PID): it shows whether a fault is really in effect.
struct ProcStatus {
  char state = 0;  // R, S, D, T (stopped), Z…; 0: no such process
  int64_t rss_kb = 0;
};
[[nodiscard]] ProcStatus proc_status(pid_t pid);

/// Time that it has run on a processor so far, in the ticks of sysconf(_SC_CLK_TCK); 0: no such
/// process.
[[nodiscard]] int64_t cpu_ticks(pid_t pid);

/// "/proc/71/status says T", or that it is gone.
[[nodiscard]] std::string stat_says(pid_t pid);
/// There is no such process, or it waits to be reaped.
[[nodiscard]] bool is_gone(pid_t pid);
/// In each of several looks over 20 ms, as a process that is slow stops for a moment, too.
[[nodiscard]] bool is_stopped(pid_t pid);

}  // namespace hailstorm::lab

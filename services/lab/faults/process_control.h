#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "common/base/result.h"

namespace hailstorm::lab {

/// What faults of processes need of the holder of the processes.
///
/// A hold belongs to the name of a process, not to its pid: what is started meanwhile is stopped as
/// well. A process is stopped as long as anybody holds it stopped, and down as long as anybody
/// holds it down; down wins. Holders are the ids of faults.
///
/// Thread safety: safe. Errors of FaultErrc: unknown_target, failed.
class ProcessControl {
 public:
  struct View {
    pid_t pid = 0;  // 0: there is no process now
    bool is_held_down = false;
    std::string data;  // its data folder; empty: not known
    std::vector<std::string> argv;
  };

  virtual ~ProcessControl() = default;

  [[nodiscard]] virtual Result<View> look(const std::string& name) = 0;

  /// SIGKILL. Nothing starts it again until let_up().
  [[nodiscard]] virtual Status hold_down(const std::string& name, const std::string& holder) = 0;
  /// Starts it when nobody else holds it down. Fine when it lives.
  [[nodiscard]] virtual Status let_up(const std::string& name, const std::string& holder) = 0;
  /// SIGTERM, SIGKILL after `grace_ms`, and a start. Error not_possible: it is held down.
  [[nodiscard]] virtual Status restart(const std::string& name, int grace_ms) = 0;

  /// SIGSTOP. `part_time`: for one pause of many, during which it still counts as running.
  virtual void hold_stopped(const std::string& name, const std::string& holder, bool part_time) = 0;
  /// SIGCONT when nobody else holds it stopped.
  virtual void release(const std::string& name, const std::string& holder) = 0;

  /// Runs a program of the product to its end; gives what it wrote. Error failed: it ended
  /// otherwise than with exit code 0, or not within 10 s.
  [[nodiscard]] virtual Result<std::string> run_program(const std::string& program,
                                                        std::vector<std::string> arguments) = 0;
};

/// What an option says to a program, "--data DIR" or "--data=DIR"; empty: nothing.
[[nodiscard]] std::string option_in(const std::vector<std::string>& argv, const std::string& name);

}  // namespace hailstorm::lab

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace hailstorm::lab {

enum class ProcessState { running, frozen, exited };
[[nodiscard]] std::string_view name_of(ProcessState state);

/// `always`: started again each time it ends by itself, after a pause that doubles from 100 ms to
/// 5 s and is short again after 10 s of life. `unless_refused`: the same, but not after exit code
/// 2, by which a program says that its settings do not let it start. A process that was killed or
/// terminated through the table stays down until start().
enum class RestartPolicy { never, always, unless_refused };
[[nodiscard]] std::string_view name_of(RestartPolicy policy);

/// The exit code of bad settings, a folder of another program and the like: a person must change
/// something first.
inline constexpr int kRefused = 2;

struct ProcessInfo {
  std::string name;
  ProcessState state = ProcessState::exited;
  pid_t pid = 0;
  std::optional<int> exit_code;  // once it has ended by itself
  std::optional<int> signal;     // once a signal has ended it
  int64_t rss_kb = 0;
  int64_t restarts = 0;
  bool is_held_down = false;  // by a fault, or by a kill through the table
  bool comes_back = false;    // has ended by itself, and will be started again
};

}  // namespace hailstorm::lab

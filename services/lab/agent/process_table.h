#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "services/lab/agent/spawn.h"

namespace hailstorm::lab {

enum class ProcessState { running, frozen, exited };
[[nodiscard]] std::string_view name_of(ProcessState state);

/// `always`: started again whenever it ends by itself, after a pause that doubles from 100 ms to 5
/// s and falls back after 10 s of life. `unless_refused`: the same, but not after exit code 2, by
/// which a program says that it cannot start as it was told to. What was killed or terminated
/// through the table stays down until start().
enum class RestartPolicy { never, always, unless_refused };

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
  bool comes_back = false;  // has ended by itself, and will be started again
};

/// Holds child processes by name: starts, kills, freezes, thaws, reaps and restarts them. One
/// thread of its own forks them all, so that they live no longer than this process.
///
/// Thread safety: safe.
class ProcessTable {
 public:
  /// `adopts_orphans`: also reaps what children leave behind, as the first process of a container
  /// must.
  explicit ProcessTable(bool adopts_orphans = false);
  ~ProcessTable();  // terminate_all()
  ProcessTable(const ProcessTable&) = delete;
  ProcessTable& operator=(const ProcessTable&) = delete;

  /// Error wrong_state: one of this name is alive.
  [[nodiscard]] Result<ProcessInfo> start(const std::string& name, SpawnRequest request,
                                          RestartPolicy restart);
  /// Starts it again as it was started before. Error wrong_state: it is alive.
  [[nodiscard]] Result<ProcessInfo> start(const std::string& name);
  /// SIGKILL, and back when it is gone. Fine for a process that has ended.
  [[nodiscard]] Result<ProcessInfo> kill(const std::string& name);
  /// SIGSTOP or SIGCONT, and back when the kernel says so. Error wrong_state: it has ended.
  [[nodiscard]] Result<ProcessInfo> freeze(const std::string& name);
  [[nodiscard]] Result<ProcessInfo> thaw(const std::string& name);
  /// SIGTERM, then SIGKILL after `grace_ms`; back when it is gone.
  [[nodiscard]] Result<ProcessInfo> terminate(const std::string& name, int grace_ms);
  /// The same for all at once; nothing is restarted afterwards.
  void terminate_all(int grace_ms);

  [[nodiscard]] Result<ProcessInfo> describe(const std::string& name);
  [[nodiscard]] std::vector<ProcessInfo> list();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::lab

#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <sys/types.h>

#include "services/lab/agent/process_info.h"
#include "services/lab/agent/spawn.h"

namespace hailstorm::lab {

/// One process of a table: how it is started, how it ended, and when it is started again.
///
/// Thread safety: not safe. Times are of the steady clock.
struct HeldProcess {
  SpawnRequest request;
  RestartPolicy restart = RestartPolicy::never;
  pid_t pid = 0;                            // 0: has ended
  bool kept_down = false;                   // killed or terminated through the table
  std::set<std::string> down_holders = {};  // faults that keep it down
  int status = 0;                           // as waitpid() gave it
  int64_t restarts = 0;
  int64_t started_ms = 0;
  int64_t pause_ms = kFirstPauseMs;
  int64_t restart_at_ms = 0;  // 0: is not started again

  static constexpr int64_t kFirstPauseMs = 100;
  static constexpr int64_t kLongestPauseMs = 5'000;
  static constexpr int64_t kProvenAfterMs = 10'000;

  [[nodiscard]] bool is_alive() const { return pid != 0; }
  /// Whether its policy has it started again after such an end.
  [[nodiscard]] bool may_come_back() const;
  void plan_restart(int64_t now_ms);
  /// SIGKILL, or SIGTERM, which a frozen process gets too.
  void ask_to_end(bool kindly) const;
  [[nodiscard]] ProcessInfo describe(const std::string& name) const;
};

}  // namespace hailstorm::lab

#pragma once

#include <map>
#include <set>
#include <string>
#include <sys/types.h>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "services/lab/agent/held_process.h"
#include "services/lab/agent/owner_thread.h"
#include "services/lab/agent/process_info.h"
#include "services/lab/agent/spawn.h"
#include "services/lab/agent/stop_holds.h"

namespace hailstorm::lab {

/// Holds child processes by name: starts, kills, freezes, thaws, reaps and restarts them. One
/// thread of its own forks them all, so that they live no longer than this process.
///
/// Thread safety: safe. Errors: any AgentErrc; unknown_process where no process has the name.
class ProcessTable {
 public:
  /// `clock` must remain live while this is in use; it times the pauses before restarts.
  /// `adopts_orphans`: also reaps the children that its processes leave, as the first process of a
  /// container must.
  explicit ProcessTable(const Clock& clock, bool adopts_orphans = false);
  ~ProcessTable();  // terminate_all()
  ProcessTable(const ProcessTable&) = delete;
  ProcessTable& operator=(const ProcessTable&) = delete;

  /// Error wrong_state: one of this name is alive.
  [[nodiscard]] Result<ProcessInfo> start(const std::string& name, SpawnRequest request,
                                          RestartPolicy restart);
  /// Starts it again as it was started before. Error wrong_state: it is alive.
  [[nodiscard]] Result<ProcessInfo> start(const std::string& name);
  /// SIGKILL; returns when the process is gone. Fine for a process that has ended.
  [[nodiscard]] Result<ProcessInfo> kill(const std::string& name);
  /// SIGSTOP or SIGCONT; returns when the kernel says so. Error wrong_state: it has ended.
  [[nodiscard]] Result<ProcessInfo> freeze(const std::string& name);
  [[nodiscard]] Result<ProcessInfo> thaw(const std::string& name);
  /// SIGTERM, then SIGKILL after `grace_ms`; returns when the process is gone.
  [[nodiscard]] Result<ProcessInfo> terminate(const std::string& name, int grace_ms);
  /// SIGKILL, and nothing starts it again until let_up() of all holders.
  [[nodiscard]] Result<ProcessInfo> hold_down(const std::string& name, const std::string& holder);
  /// Starts it when nobody else holds it down; fine when it lives, or when all are to end.
  [[nodiscard]] Result<ProcessInfo> let_up(const std::string& name, const std::string& holder);
  /// terminate() and start(). Error wrong_state: somebody holds it down.
  [[nodiscard]] Result<ProcessInfo> restart(const std::string& name, int grace_ms);
  /// All that has processes stopped; freeze() and thaw() are holds by hand.
  [[nodiscard]] StopHolds& stops() { return stops_; }

  /// From now on nothing is started again by itself or by the end of a fault.
  void begin_end();
  /// begin_end(), and terminate() for all at once.
  void terminate_all(int grace_ms);

  [[nodiscard]] Result<ProcessInfo> describe(const std::string& name);
  [[nodiscard]] std::vector<ProcessInfo> list();
  /// How it was started.
  [[nodiscard]] Result<SpawnRequest> request_of(const std::string& name);

  /// Runs a program beside all others to its end; gives what it wrote. Errors: cannot_start;
  /// program_failed, also when it takes longer than `timeout_ms`.
  [[nodiscard]] Result<std::string> run_to_end(std::vector<std::string> argv, int timeout_ms);

 private:
  // All of these run on the owner thread.
  void reap();
  void reap_orphans();
  void restart_due();
  [[nodiscard]] Result<HeldProcess*> find(const std::string& name);
  [[nodiscard]] Result<ProcessInfo> launch(const std::string& name, HeldProcess& one);
  [[nodiscard]] Result<ProcessInfo> await_stop(const std::string& name, bool frozen);
  /// Gives the pid of what it asked to end; 0: it has ended.
  [[nodiscard]] Result<pid_t> ask_down(const std::string& name, bool kindly);
  [[nodiscard]] ProcessInfo describe(const std::string& name, const HeldProcess& one) const;
  void finish(const std::string& name, HeldProcess& one, int grace_ms);
  void ended(const std::string& name, HeldProcess& one);

  // These run on the caller's thread: nobody else waits for a process that is slow to end.
  [[nodiscard]] Result<ProcessInfo> bring_down(const std::string& name, bool kindly, int grace_ms);

  const Clock& clock_;
  const bool adopts_orphans_;
  StopHolds stops_;
  std::map<std::string, HeldProcess> held_;
  std::set<pid_t> runs_;  // programs of run_to_end(), which waits for them itself
  bool is_closing_ = false;
  OwnerThread owner_;  // last: it uses all of the above
};

}  // namespace hailstorm::lab

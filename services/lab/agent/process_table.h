#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "services/lab/agent/held_process.h"
#include "services/lab/agent/owner_thread.h"
#include "services/lab/agent/process_info.h"
#include "services/lab/agent/spawn.h"

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
  /// The same for all at once; nothing is restarted afterwards.
  void terminate_all(int grace_ms);

  [[nodiscard]] Result<ProcessInfo> describe(const std::string& name);
  [[nodiscard]] std::vector<ProcessInfo> list();

 private:
  // All of these run on the owner thread.
  void reap();
  void reap_orphans();
  void restart_due();
  [[nodiscard]] Result<HeldProcess*> find(const std::string& name);
  [[nodiscard]] Result<ProcessInfo> launch(const std::string& name, HeldProcess& one);
  [[nodiscard]] Result<ProcessInfo> signal_until(const std::string& name, int signal, bool frozen);
  [[nodiscard]] Result<ProcessInfo> bring_down(const std::string& name, bool kindly, int grace_ms);
  void finish(const std::string& name, HeldProcess& one, int grace_ms);
  void ended(const std::string& name, HeldProcess& one);

  const Clock& clock_;
  const bool adopts_orphans_;
  std::map<std::string, HeldProcess> held_;
  bool is_closing_ = false;
  OwnerThread owner_;  // last: it uses all of the above
};

}  // namespace hailstorm::lab

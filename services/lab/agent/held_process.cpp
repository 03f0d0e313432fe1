#include "services/lab/agent/held_process.h"

#include <algorithm>
#include <csignal>
#include <sys/wait.h>

#include "common/base/enum_name.h"
#include "services/lab/faults/proc.h"

namespace hailstorm::lab {

std::string_view name_of(ProcessState state) { return enum_name(state); }
std::string_view name_of(RestartPolicy policy) { return enum_name(policy); }

bool HeldProcess::may_come_back() const {
  if (restart == RestartPolicy::never || kept_down || !down_holders.empty()) return false;
  const bool refused = WIFEXITED(status) && WEXITSTATUS(status) == kRefused;
  return restart == RestartPolicy::always || !refused;
}

void HeldProcess::plan_restart(int64_t now_ms) {
  if (now_ms - started_ms >= kProvenAfterMs) pause_ms = kFirstPauseMs;
  restart_at_ms = now_ms + pause_ms;
  pause_ms = std::min(pause_ms * 2, kLongestPauseMs);
}

void HeldProcess::ask_to_end(bool kindly) const {
  ::kill(pid, kindly ? SIGTERM : SIGKILL);
  if (kindly) ::kill(pid, SIGCONT);  // a frozen process would not handle it
}

ProcessInfo HeldProcess::describe(const std::string& name) const {
  ProcessInfo info;
  info.name = name;
  info.restarts = restarts;
  info.comes_back = restart_at_ms != 0;
  info.pid = pid;
  info.is_held_down = kept_down || !down_holders.empty();
  if (is_alive()) {
    const ProcStatus now = proc_status(pid);
    info.state = now.state == 'T' ? ProcessState::frozen : ProcessState::running;
    info.rss_kb = now.rss_kb;
  } else if (WIFSIGNALED(status)) {
    info.signal = WTERMSIG(status);
  } else {
    info.exit_code = WEXITSTATUS(status);
  }
  return info;
}

}  // namespace hailstorm::lab

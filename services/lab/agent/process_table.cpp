#include "services/lab/agent/process_table.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>

#include "common/base/logging.h"
#include "common/base/text.h"
#include "services/lab/agent/output_pipe.h"
#include "services/lab/faults/proc.h"

namespace hailstorm::lab {
namespace {

constexpr int kDefaultGraceMs = 5'000;
constexpr int kSignalTakesMs = 2'000;
constexpr int kLastStepsTakeMs = 200;  // of a program that has closed its output
// The longest time that an end goes unseen for which no caller waits.
constexpr auto kLookEvery = std::chrono::milliseconds(1);
constexpr auto kReapEvery = std::chrono::milliseconds(20);

/// It is not reaped by this.
bool has_ended(pid_t pid) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid;
}

Error is_alive_already(const std::string& name) {
  return {AgentErrc::wrong_state, fmt::format("{} is alive already", name)};
}

}  // namespace

ProcessTable::ProcessTable(const Clock& clock, bool adopts_orphans)
    : clock_(clock), adopts_orphans_(adopts_orphans), owner_(kReapEvery, [this] {
        reap();
        restart_due();
      }) {
  if (adopts_orphans) ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

ProcessTable::~ProcessTable() { terminate_all(kDefaultGraceMs); }

void ProcessTable::reap() {
  for (auto& [name, one] : held_) {
    if (one.is_alive() && has_ended(one.pid)) finish(name, one, 0);
  }
  if (adopts_orphans_) reap_orphans();
}

void ProcessTable::reap_orphans() {
  siginfo_t info{};
  while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
    const bool is_held = std::any_of(held_.begin(), held_.end(), [&info](const auto& entry) {
      return entry.second.pid == info.si_pid;
    });
    // It ended just now; the next round takes it, or run_to_end().
    if (is_held || runs_.contains(info.si_pid)) return;
    ::waitpid(info.si_pid, nullptr, WNOHANG);
    info = {};
  }
}

void ProcessTable::ended(const std::string& name, HeldProcess& one) {
  one.pid = 0;
  const bool again = one.may_come_back() && !is_closing_;
  log_info("a process ended", {{"name", name}, {"status", one.status}, {"restarts", again}});
  if (again) one.plan_restart(clock_.steady_ms());
}

void ProcessTable::restart_due() {
  for (auto& [name, one] : held_) {
    if (one.restart_at_ms == 0 || clock_.steady_ms() < one.restart_at_ms) continue;
    one.restart_at_ms = 0;
    ++one.restarts;
    if (auto started = launch(name, one); !started.ok()) {
      log_error("a process could not be restarted", {distinct_by({"name", name}), started.error()});
      one.plan_restart(clock_.steady_ms());  // memory or processes may be short just now
    }
  }
}

Result<ProcessInfo> ProcessTable::launch(const std::string& name, HeldProcess& one) {
  if (!one.down_holders.empty()) {
    return Error(AgentErrc::wrong_state,
                 fmt::format("{} is kept down by fault {}", name, *one.down_holders.begin()));
  }
  one.started_ms = clock_.steady_ms();
  HAIL_ASSIGN_OR_RETURN(one.pid, spawn(one.request));
  stops_.started(name, one.pid);
  one.kept_down = false;
  one.restart_at_ms = 0;
  log_info("a process started", {{"name", name}, {"pid", one.pid}});
  return describe(name, one);
}

ProcessInfo ProcessTable::describe(const std::string& name, const HeldProcess& one) const {
  ProcessInfo info = one.describe(name);
  // What is slow is stopped many times a second, and runs all the same.
  if (info.state == ProcessState::frozen && stops_.is_part_time(name)) {
    info.state = ProcessState::running;
  }
  return info;
}

Result<HeldProcess*> ProcessTable::find(const std::string& name) {
  const auto found = held_.find(name);
  if (found == held_.end()) {
    return Error(AgentErrc::unknown_process, fmt::format("no process is named {}", name));
  }
  return &found->second;
}

Result<ProcessInfo> ProcessTable::await_stop(const std::string& name, bool frozen) {
  HAIL_ASSIGN_OR_RETURN(HeldProcess * one, find(name));
  if (!one->is_alive()) {
    return Error(AgentErrc::wrong_state, fmt::format("{} has ended; start it first", name));
  }
  if (frozen) {
    stops_.hold(name, StopHolds::kByHand, false);
  } else {
    stops_.release(name, StopHolds::kByHand);
    if (stops_.is_held(name)) return describe(name, *one);
  }
  const int64_t deadline_ms = clock_.steady_ms() + kSignalTakesMs;
  while ((proc_status(one->pid).state == 'T') != frozen && clock_.steady_ms() < deadline_ms) {
    if (await_exit(one->pid, 1)) break;
  }
  return describe(name, *one);
}

/// Waits for the end of a process that was asked to end; SIGKILL after `grace_ms`.
void ProcessTable::finish(const std::string& name, HeldProcess& one, int grace_ms) {
  if (!one.is_alive()) return;
  if (!await_exit(one.pid, grace_ms)) ::kill(one.pid, SIGKILL);
  stops_.ends(name);
  while (::waitpid(one.pid, &one.status, 0) < 0 && errno == EINTR) {
  }
  ended(name, one);
}

Result<pid_t> ProcessTable::ask_down(const std::string& name, bool kindly) {
  HAIL_ASSIGN_OR_RETURN(HeldProcess * one, find(name));
  one->kept_down = true;
  one->restart_at_ms = 0;
  if (one->is_alive()) {
    stops_.ends(name);
    one->ask_to_end(kindly);
  }
  return one->pid;
}

Result<ProcessInfo> ProcessTable::bring_down(const std::string& name, bool kindly, int grace_ms) {
  HAIL_ASSIGN_OR_RETURN(const pid_t pid, owner_.run([&] { return ask_down(name, kindly); }));
  const auto is_there = [&] {
    return owner_.run([&] { return pid != 0 && held_.at(name).pid == pid; });  // and it reaps
  };
  const int64_t deadline_us = steady_us() + int64_t{grace_ms} * 1000;
  while (is_there() && steady_us() < deadline_us) std::this_thread::sleep_for(kLookEvery);
  return owner_.run([&] {
    HeldProcess& one = held_.at(name);
    if (one.pid == pid) finish(name, one, 0);
    return Result<ProcessInfo>(describe(name, one));
  });
}

Result<ProcessInfo> ProcessTable::start(const std::string& name, SpawnRequest request,
                                        RestartPolicy restart) {
  return owner_.run([&]() -> Result<ProcessInfo> {
    const bool is_new = !held_.contains(name);
    HeldProcess& one = held_[name];
    if (one.is_alive()) return is_alive_already(name);
    one.request = std::move(request);
    one.restart = restart;
    auto started = launch(name, one);
    if (!started.ok() && is_new) held_.erase(name);
    return started;
  });
}

Result<ProcessInfo> ProcessTable::start(const std::string& name) {
  return owner_.run([&]() -> Result<ProcessInfo> {
    HAIL_ASSIGN_OR_RETURN(HeldProcess * one, find(name));
    if (one->is_alive()) return is_alive_already(name);
    ++one->restarts;
    return launch(name, *one);
  });
}

Result<ProcessInfo> ProcessTable::kill(const std::string& name) {
  return bring_down(name, false, kSignalTakesMs);
}
Result<ProcessInfo> ProcessTable::terminate(const std::string& name, int grace_ms) {
  return bring_down(name, true, grace_ms);
}
Result<ProcessInfo> ProcessTable::freeze(const std::string& name) {
  return owner_.run([&] { return await_stop(name, true); });
}
Result<ProcessInfo> ProcessTable::thaw(const std::string& name) {
  return owner_.run([&] { return await_stop(name, false); });
}

Result<ProcessInfo> ProcessTable::hold_down(const std::string& name, const std::string& holder) {
  HAIL_RETURN_IF_ERROR(owner_.run([&]() -> Status {
    HAIL_ASSIGN_OR_RETURN(HeldProcess * one, find(name));
    one->down_holders.insert(holder);
    return {};
  }));
  return kill(name);
}

Result<ProcessInfo> ProcessTable::let_up(const std::string& name, const std::string& holder) {
  return owner_.run([&]() -> Result<ProcessInfo> {
    HAIL_ASSIGN_OR_RETURN(HeldProcess * one, find(name));
    one->down_holders.erase(holder);
    if (one->is_alive() || !one->down_holders.empty() || is_closing_) return describe(name, *one);
    ++one->restarts;
    return launch(name, *one);
  });
}

Result<ProcessInfo> ProcessTable::restart(const std::string& name, int grace_ms) {
  HAIL_RETURN_IF_ERROR(owner_.run([&]() -> Status {
    HAIL_ASSIGN_OR_RETURN(const HeldProcess* one, find(name));
    if (one->down_holders.empty()) return {};
    return Error(AgentErrc::wrong_state, fmt::format("{} is kept down by a fault", name));
  }));
  HAIL_RETURN_IF_ERROR(terminate(name, grace_ms));
  return start(name);
}

void ProcessTable::begin_end() {
  owner_.run([this] { is_closing_ = true; });
}

void ProcessTable::terminate_all(int grace_ms) {
  owner_.run([&] {
    is_closing_ = true;
    for (auto& [name, one] : held_) {
      one.restart_at_ms = 0;
      if (!one.is_alive()) continue;
      stops_.ends(name);
      one.ask_to_end(true);
    }
    const int64_t deadline_ms = clock_.steady_ms() + grace_ms;
    for (auto& [name, one] : held_) {
      const int64_t left_ms = std::max<int64_t>(0, deadline_ms - clock_.steady_ms());
      finish(name, one, static_cast<int>(left_ms));
    }
  });
}

Result<ProcessInfo> ProcessTable::describe(const std::string& name) {
  return owner_.run([&]() -> Result<ProcessInfo> {
    HAIL_ASSIGN_OR_RETURN(const HeldProcess* one, find(name));
    return describe(name, *one);
  });
}

Result<SpawnRequest> ProcessTable::request_of(const std::string& name) {
  return owner_.run([&]() -> Result<SpawnRequest> {
    HAIL_ASSIGN_OR_RETURN(const HeldProcess* one, find(name));
    return one->request;
  });
}

Result<std::string> ProcessTable::run_to_end(std::vector<std::string> argv, int timeout_ms) {
  OutputPipe output;
  SpawnRequest request{std::move(argv), ""};
  request.output = output.write_end();
  if (request.output < 0) return Error(AgentErrc::cannot_start, "no descriptor is left for a pipe");
  HAIL_ASSIGN_OR_RETURN(const pid_t pid, owner_.run([&]() -> Result<pid_t> {
    HAIL_ASSIGN_OR_RETURN(const pid_t started, spawn(request));
    runs_.insert(started);
    return started;
  }));
  const std::string said = output.read_to_end(timeout_ms);
  const int status = owner_.run([&] {
    int ended_with = 0;
    if (!await_exit(pid, kLastStepsTakeMs)) ::kill(pid, SIGKILL);
    while (::waitpid(pid, &ended_with, 0) < 0 && errno == EINTR) {
    }
    runs_.erase(pid);
    return ended_with;
  });
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return said;
  const std::string how = WIFEXITED(status)
                              ? fmt::format("ended with exit code {}", WEXITSTATUS(status))
                              : fmt::format("was ended by signal {}", WTERMSIG(status));
  return Error(AgentErrc::program_failed, fmt::format("{} {}: {}", request.argv.front(), how,
                                                      printable(said.substr(0, said.find('\n')))));
}

std::vector<ProcessInfo> ProcessTable::list() {
  return owner_.run([&] {
    reap();
    std::vector<ProcessInfo> all;
    for (const auto& [name, one] : held_) all.push_back(describe(name, one));
    return all;
  });
}

}  // namespace hailstorm::lab

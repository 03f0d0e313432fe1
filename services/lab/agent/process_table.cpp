#include "services/lab/agent/process_table.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <fmt/format.h>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>

#include "common/base/clock.h"
#include "common/base/enum_name.h"
#include "common/base/logging.h"
#include "services/lab/agent/proc.h"

namespace hailstorm::lab {
namespace {

constexpr int64_t kFirstPauseMs = 100;
constexpr int64_t kLongestPauseMs = 5'000;
constexpr int64_t kProvenAfterMs = 10'000;
constexpr int kDefaultGraceMs = 5'000;
constexpr int kSignalTakesMs = 2'000;
// How late an end is noticed that nobody waits for.
constexpr auto kReapEvery = std::chrono::milliseconds(20);

}  // namespace

std::string_view name_of(ProcessState state) { return enum_name(state); }

/// Everything but the queue belongs to the holder thread.
struct ProcessTable::Impl {
  struct Held {
    SpawnRequest request;
    RestartPolicy restart = RestartPolicy::never;
    pid_t pid = 0;  // 0: has ended
    bool kept_down = false;
    int status = 0;
    int64_t restarts = 0;
    int64_t started_ms = 0;
    int64_t pause_ms = kFirstPauseMs;
    int64_t restart_at_ms = 0;
  };

  std::map<std::string, Held> held;
  bool adopts_orphans = false;
  bool closing = false;
  SystemClock clock;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> jobs;
  bool stop = false;
  std::thread holder;

  template <class F>
  auto on_holder(F work) -> decltype(work()) {
    // Shared: the holder may still be leaving the task when the caller has its answer.
    auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
    auto answer = task->get_future();
    {
      const std::lock_guard lock(mutex);
      jobs.emplace_back([task] { (*task)(); });
    }
    changed.notify_one();
    return answer.get();
  }

  void hold() {
    std::unique_lock lock(mutex);
    while (!stop || !jobs.empty()) {
      changed.wait_for(lock, kReapEvery, [this] { return stop || !jobs.empty(); });
      auto due = std::exchange(jobs, {});
      lock.unlock();
      for (auto& job : due) job();
      reap();
      restart_due();
      lock.lock();
    }
  }

  void reap() {
    for (auto& [name, one] : held) {
      if (one.pid != 0 && ::waitpid(one.pid, &one.status, WNOHANG) == one.pid) ended(name, one);
    }
    if (!adopts_orphans) return;
    siginfo_t info{};
    while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
      const auto ours = std::find_if(held.begin(), held.end(), [&info](const auto& entry) {
        return entry.second.pid == info.si_pid;
      });
      if (ours != held.end()) return;  // ended just now; the next round takes it
      ::waitpid(info.si_pid, nullptr, WNOHANG);
      info = {};
    }
  }

  static bool may_come_back(const Held& one) {
    if (one.restart == RestartPolicy::never) return false;
    const bool refused = WIFEXITED(one.status) && WEXITSTATUS(one.status) == kRefused;
    return one.restart == RestartPolicy::always || !refused;
  }

  void ended(const std::string& name, Held& one) {
    one.pid = 0;
    const bool again = may_come_back(one) && !one.kept_down && !closing;
    log_info("a process ended", {{"name", name}, {"status", one.status}, {"restarts", again}});
    if (again) plan_restart(one);
  }

  void plan_restart(Held& one) {
    const int64_t now_ms = clock.steady_ms();
    if (now_ms - one.started_ms >= kProvenAfterMs) one.pause_ms = kFirstPauseMs;
    one.restart_at_ms = now_ms + one.pause_ms;
    one.pause_ms = std::min(one.pause_ms * 2, kLongestPauseMs);
  }

  void restart_due() {
    for (auto& [name, one] : held) {
      if (one.restart_at_ms == 0 || clock.steady_ms() < one.restart_at_ms) continue;
      one.restart_at_ms = 0;
      ++one.restarts;
      if (auto started = launch(name, one); !started.ok()) {
        log_error("a process could not be restarted",
                  {distinct_by({"name", name}), started.error()});
        plan_restart(one);  // memory or processes may be short just now
      }
    }
  }

  Result<ProcessInfo> launch(const std::string& name, Held& one) {
    one.started_ms = clock.steady_ms();
    HAIL_ASSIGN_OR_RETURN(one.pid, spawn(one.request));
    one.kept_down = false;
    one.restart_at_ms = 0;
    log_info("a process started", {{"name", name}, {"pid", one.pid}});
    return describe(name, one);
  }

  [[nodiscard]] static ProcessInfo describe(const std::string& name, const Held& one) {
    ProcessInfo info;
    info.name = name;
    info.restarts = one.restarts;
    info.comes_back = one.restart_at_ms != 0;
    info.pid = one.pid;
    if (one.pid != 0) {
      const ProcStatus status = proc_status(one.pid);
      info.state = status.state == 'T' ? ProcessState::frozen : ProcessState::running;
      info.rss_kb = status.rss_kb;
    } else if (WIFSIGNALED(one.status)) {
      info.signal = WTERMSIG(one.status);
    } else {
      info.exit_code = WEXITSTATUS(one.status);
    }
    return info;
  }

  Result<Held*> find(const std::string& name) {
    const auto found = held.find(name);
    if (found == held.end()) {
      return Error(AgentErrc::unknown_process, fmt::format("no process is named {}", name));
    }
    return &found->second;
  }

  Result<ProcessInfo> signal_until(const std::string& name, int signal, bool frozen) {
    HAIL_ASSIGN_OR_RETURN(Held * one, find(name));
    if (one->pid == 0) {
      return Error(AgentErrc::wrong_state, fmt::format("{} has ended; start it first", name));
    }
    ::kill(one->pid, signal);
    const int64_t deadline_ms = clock.steady_ms() + kSignalTakesMs;
    while ((proc_status(one->pid).state == 'T') != frozen && clock.steady_ms() < deadline_ms) {
      if (await_exit(one->pid, 1)) break;
    }
    return describe(name, *one);
  }

  /// Waits for the end of a process that was told to end, and insists after `grace_ms`.
  void finish(const std::string& name, Held& one, int grace_ms) {
    if (one.pid == 0) return;
    if (!await_exit(one.pid, grace_ms)) ::kill(one.pid, SIGKILL);
    while (::waitpid(one.pid, &one.status, 0) < 0 && errno == EINTR) {
    }
    ended(name, one);
  }

  Result<ProcessInfo> bring_down(const std::string& name, bool kindly, int grace_ms) {
    HAIL_ASSIGN_OR_RETURN(Held * one, find(name));
    one->kept_down = true;
    one->restart_at_ms = 0;
    if (one->pid != 0) ask_to_end(*one, kindly);
    finish(name, *one, grace_ms);
    return describe(name, *one);
  }

  static void ask_to_end(const Held& one, bool kindly) {
    ::kill(one.pid, kindly ? SIGTERM : SIGKILL);
    if (kindly) ::kill(one.pid, SIGCONT);  // a frozen process would not see it
  }
};

ProcessTable::ProcessTable(bool adopts_orphans) : impl_(std::make_unique<Impl>()) {
  impl_->adopts_orphans = adopts_orphans;
  if (adopts_orphans) ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  impl_->holder = std::thread([impl = impl_.get()] { impl->hold(); });
}

ProcessTable::~ProcessTable() {
  terminate_all(kDefaultGraceMs);
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stop = true;
  }
  impl_->changed.notify_one();
  impl_->holder.join();
}

Result<ProcessInfo> ProcessTable::start(const std::string& name, SpawnRequest request,
                                        RestartPolicy restart) {
  return impl_->on_holder([&]() -> Result<ProcessInfo> {
    const bool is_new = !impl_->held.contains(name);
    Impl::Held& one = impl_->held[name];
    if (one.pid != 0) {
      return Error(AgentErrc::wrong_state, fmt::format("{} is alive already", name));
    }
    one.request = std::move(request);
    one.restart = restart;
    auto started = impl_->launch(name, one);
    if (!started.ok() && is_new) impl_->held.erase(name);
    return started;
  });
}

Result<ProcessInfo> ProcessTable::start(const std::string& name) {
  return impl_->on_holder([&]() -> Result<ProcessInfo> {
    HAIL_ASSIGN_OR_RETURN(Impl::Held * one, impl_->find(name));
    if (one->pid != 0) {
      return Error(AgentErrc::wrong_state, fmt::format("{} is alive already", name));
    }
    ++one->restarts;
    return impl_->launch(name, *one);
  });
}

Result<ProcessInfo> ProcessTable::kill(const std::string& name) {
  return impl_->on_holder([&] { return impl_->bring_down(name, false, kSignalTakesMs); });
}
Result<ProcessInfo> ProcessTable::terminate(const std::string& name, int grace_ms) {
  return impl_->on_holder([&] { return impl_->bring_down(name, true, grace_ms); });
}
Result<ProcessInfo> ProcessTable::freeze(const std::string& name) {
  return impl_->on_holder([&] { return impl_->signal_until(name, SIGSTOP, true); });
}
Result<ProcessInfo> ProcessTable::thaw(const std::string& name) {
  return impl_->on_holder([&] { return impl_->signal_until(name, SIGCONT, false); });
}

void ProcessTable::terminate_all(int grace_ms) {
  impl_->on_holder([&] {
    impl_->closing = true;
    for (auto& [name, one] : impl_->held) {
      one.restart_at_ms = 0;
      if (one.pid != 0) Impl::ask_to_end(one, true);
    }
    const int64_t deadline_ms = impl_->clock.steady_ms() + grace_ms;
    for (auto& [name, one] : impl_->held) {
      const int64_t left_ms = std::max<int64_t>(0, deadline_ms - impl_->clock.steady_ms());
      impl_->finish(name, one, static_cast<int>(left_ms));
    }
  });
}

Result<ProcessInfo> ProcessTable::describe(const std::string& name) {
  return impl_->on_holder([&]() -> Result<ProcessInfo> {
    HAIL_ASSIGN_OR_RETURN(const Impl::Held* one, impl_->find(name));
    return Impl::describe(name, *one);
  });
}

std::vector<ProcessInfo> ProcessTable::list() {
  return impl_->on_holder([&] {
    impl_->reap();
    std::vector<ProcessInfo> all;
    for (const auto& [name, one] : impl_->held) all.push_back(Impl::describe(name, one));
    return all;
  });
}

}  // namespace hailstorm::lab

#include "services/lab/supervisor/supervisor.h"

#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/ids.h"
#include "services/lab/agent/proc.h"
#include "services/lab/agent/spawn.h"
#include "services/lab/supervisor/agent_client.h"
#include "services/lab/supervisor/errors.h"
#include "services/lab/supervisor/lag_meter.h"
#include "services/lab/supervisor/status_reader.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

constexpr int kAgentStartsMs = 5'000;
constexpr int kAgentEndsMs = 8'000;  // longer than the grace that it gives to others

std::vector<std::string> services_of(const std::vector<ProcessPlan>& plans) {
  std::vector<std::string> names;
  for (const auto& plan : plans) {
    if (plan.is_service) names.push_back(plan.name);
  }
  return names;
}

/// Readable by its owner alone: it gives power over processes.
Status write_secret(const fs::path& path, const std::string& secret) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const auto size = static_cast<ssize_t>(secret.size());
  const bool written = fd >= 0 && ::write(fd, secret.data(), secret.size()) == size;
  if (fd >= 0) ::close(fd);
  if (written) return {};
  return Error(SupervisorErrc::cannot_start, fmt::format("cannot write {}", path.string()));
}

std::string how_it_ended(const ProcessInfo& info) {
  if (info.signal) return fmt::format("signal {}", *info.signal);
  return fmt::format("exit code {}", info.exit_code.value_or(-1));
}

}  // namespace

struct Supervisor::Impl {
  PlatformSettings settings;
  std::vector<ProcessPlan> plans = plan_of(settings);
  std::vector<StatusReader> readers{};
  std::set<std::string> held_down{};
  std::unique_ptr<AgentClient> agent{};
  std::unique_ptr<LagMeter> lags{};
  pid_t agent_pid = 0;
  SystemClock clock{};

  [[nodiscard]] std::string log_of(const std::string& name) const {
    return (settings.data / "lab" / (name + ".log")).string();
  }

  Status start_agent() {
    const fs::path token_file = settings.data / "lab" / "token";
    IdGenerator ids;
    const std::string token = ids.uuid();
    HAIL_RETURN_IF_ERROR(write_secret(token_file, token));
    const int port = settings.base_port + kAgentPort;
    HAIL_ASSIGN_OR_RETURN(agent_pid,
                          spawn({{(settings.programs / "hail-lab").string(), "agent", "--port",
                                  std::to_string(port), "--token-file", token_file.string()},
                                 log_of("agent")}));
    agent = std::make_unique<AgentClient>("127.0.0.1", port, token);
    const int64_t deadline_ms = clock.steady_ms() + kAgentStartsMs;
    while (!agent->alive()) {
      if (await_exit(agent_pid, 2) || clock.steady_ms() > deadline_ms) {
        return Error(SupervisorErrc::cannot_start,
                     "the lab's agent did not start; see " + log_of("agent"));
      }
    }
    return {};
  }

  Status start_process(const std::string& name, std::vector<std::string> argv) {
    const auto started = agent->start(name, {std::move(argv), log_of(name)});
    if (!started.ok()) return started.error();
    return {};
  }

  Status act(const std::string& name, const char* verb) {
    const auto done = agent->act(name, verb);
    if (!done.ok()) return Error(done.error()).in(fmt::format("{} {}", verb, name));
    return {};
  }

  ProcessSample describe(size_t index, const std::vector<ProcessInfo>& known, int64_t now_ms) {
    ProcessSample one;
    one.is_service = plans[index].is_service;
    one.process.name = plans[index].name;
    for (const auto& info : known) {
      if (info.name == one.process.name) one.process = info;
    }
    one.held_down = held_down.contains(one.process.name);
    readers[index].read(one, now_ms);
    return one;
  }

  /// Only a broker that answers is asked for lags: an absent one would keep us waiting.
  void measure_lags(PlatformSample& sample) {
    const ProcessSample* broker = sample.find("broker");
    sample.lag_known = broker->ready && lags->refresh();
    for (auto& one : sample.processes) {
      if (one.is_service) one.lag = lags->of(one.process.name);
    }
  }
};

Supervisor::Supervisor(PlatformSettings settings) : impl_(new Impl{std::move(settings)}) {}
Supervisor::~Supervisor() { stop(); }

Status Supervisor::start() {
  std::error_code failed;
  fs::create_directories(impl_->settings.data / "lab", failed);
  if (failed) {
    return Error(SupervisorErrc::cannot_start,
                 fmt::format("cannot make {}: {}", (impl_->settings.data / "lab").string(),
                             failed.message()));
  }
  HAIL_RETURN_IF_ERROR(impl_->start_agent());
  for (const auto& plan : impl_->plans) {
    HAIL_RETURN_IF_ERROR(impl_->start_process(plan.name, plan.argv));
    impl_->readers.emplace_back(plan);
  }
  impl_->lags = std::make_unique<LagMeter>(broker_url(impl_->settings), services_of(impl_->plans));
  return {};
}

Status Supervisor::kill(const std::string& name) {
  impl_->held_down.insert(name);
  return impl_->act(name, "kill");
}

Status Supervisor::freeze(const std::string& name) {
  impl_->held_down.insert(name);
  return impl_->act(name, "freeze");
}

Status Supervisor::restore(const std::string& name) {
  HAIL_ASSIGN_OR_RETURN(const auto view, impl_->agent->list());
  bool frozen = false;
  for (const auto& info : view.processes) {
    if (info.name == name) frozen = info.state == ProcessState::frozen;
  }
  HAIL_RETURN_IF_ERROR(impl_->act(name, frozen ? "thaw" : "start"));
  impl_->held_down.erase(name);
  return {};
}

Status Supervisor::run(const std::string& name, std::vector<std::string> argv) {
  return impl_->start_process(name, std::move(argv));
}

Result<PlatformSample> Supervisor::sample() {
  HAIL_ASSIGN_OR_RETURN(const auto view, impl_->agent->list());
  PlatformSample sample;
  sample.at_ms = impl_->clock.steady_ms();
  sample.rss_kb = view.agent_rss_kb + proc_status(::getpid()).rss_kb;
  for (size_t i = 0; i < impl_->plans.size(); ++i) {
    sample.processes.push_back(impl_->describe(i, view.processes, sample.at_ms));
    const ProcessSample& one = sample.processes.back();
    sample.rss_kb += one.process.rss_kb;
    if (one.died()) {
      return Error(SupervisorErrc::died,
                   fmt::format("{} ended by itself ({}); see {}", one.process.name,
                               how_it_ended(one.process), impl_->log_of(one.process.name)));
    }
  }
  impl_->measure_lags(sample);
  for (const auto& info : view.processes) {
    if (sample.find(info.name) == nullptr) sample.others.push_back(info);
  }
  return sample;
}

void Supervisor::stop() {
  if (impl_->agent_pid == 0) return;
  ::kill(impl_->agent_pid, SIGTERM);
  if (!await_exit(impl_->agent_pid, kAgentEndsMs)) ::kill(impl_->agent_pid, SIGKILL);
  ::waitpid(impl_->agent_pid, nullptr, 0);
  impl_->agent_pid = 0;
}

}  // namespace hailstorm::lab

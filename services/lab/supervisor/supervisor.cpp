#include "services/lab/supervisor/supervisor.h"

#include <csignal>
#include <fmt/format.h>
#include <map>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/token_file.h"
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
  std::map<std::string, std::unique_ptr<AgentClient>> agents{};  // of containers, by process
  std::unique_ptr<LagMeter> lags{};
  pid_t agent_pid = 0;
  SystemClock clock{};

  [[nodiscard]] std::string log_of(const std::string& name) const {
    return (settings.data / "lab" / (name + ".log")).string();
  }

  Status start_agent() {
    const fs::path token_file = settings.data / "lab" / "token";
    const std::string token = random_token();
    HAIL_RETURN_IF_ERROR(write_token(token_file, token));
    const int port = settings.base_port + registry::kAgentPort;
    HAIL_ASSIGN_OR_RETURN(
        agent_pid,
        spawn({{(settings.programs / "hail-lab").string(), "agent", "--port", std::to_string(port),
                "--token-file", token_file.string(), "--logs", (settings.data / "lab").string()},
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

  /// The platform's processes are in the hands of others.
  Status meet_agents() {
    for (const auto& plan : plans) {
      HAIL_ASSIGN_OR_RETURN(const std::string token,
                            read_token(settings.agent_tokens / plan.name / "token"));
      agents[plan.name] = std::make_unique<AgentClient>(
          plan.host, settings.base_port + registry::kAgentPort, token);
      const auto view = agents[plan.name]->list();
      if (!view.ok()) return Error(view.error()).in(plan.name + "'s container");
    }
    return {};
  }

  [[nodiscard]] AgentClient& hand_of(const std::string& name) {
    const auto found = agents.find(name);
    return found == agents.end() ? *agent : *found->second;
  }

  /// What the containers' agents hold, added to `view`. One that does not answer holds nothing.
  void ask_agents(AgentClient::View& view) {
    for (const auto& [name, one] : agents) {
      auto theirs = one->list();
      if (!theirs.ok()) continue;
      view.agent_rss_kb += theirs->agent_rss_kb;
      for (auto& info : theirs->processes) view.processes.push_back(std::move(info));
    }
  }

  Status start_process(const std::string& name, std::vector<std::string> argv) {
    const auto started = agent->start(name, {std::move(argv), log_of(name)});
    if (!started.ok()) return started.error();
    return {};
  }

  Status act(const std::string& name, const char* verb) {
    const auto done = hand_of(name).act(name, verb);
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
  if (impl_->settings.in_containers()) HAIL_RETURN_IF_ERROR(impl_->meet_agents());
  for (const auto& plan : impl_->plans) {
    if (impl_->agents.empty()) {
      HAIL_RETURN_IF_ERROR(impl_->start_process(plan.name, plan.argv));
    }
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
  HAIL_ASSIGN_OR_RETURN(const auto view, impl_->hand_of(name).list());
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
  HAIL_ASSIGN_OR_RETURN(auto view, impl_->agent->list());
  impl_->ask_agents(view);
  PlatformSample sample;
  sample.at_ms = impl_->clock.steady_ms();
  sample.rss_kb = view.agent_rss_kb + proc_status(::getpid()).rss_kb;
  for (size_t i = 0; i < impl_->plans.size(); ++i) {
    sample.processes.push_back(impl_->describe(i, view.processes, sample.at_ms));
    const ProcessSample& one = sample.processes.back();
    sample.rss_kb += one.process.rss_kb;
    // A container's agent starts again what died.
    if (one.died() && impl_->agents.empty()) {
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

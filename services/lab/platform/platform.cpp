#include "services/lab/platform/platform.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/token_file.h"
#include "services/lab/agent/spawn.h"
#include "services/lab/faults/proc.h"
#include "services/lab/platform/errors.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

constexpr int kAgentStartsMs = 5'000;
constexpr int kAgentEndsMs = 8'000;  // longer than the grace that it gives to others
constexpr auto kNeverTick = std::chrono::hours(1);

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

Platform::Platform(PlatformSettings settings, const Clock& clock)
    : settings_(std::move(settings)),
      clock_(clock),
      plans_(plan_of(settings_)),
      owner_(kNeverTick, [] {}) {}
Platform::~Platform() { stop(); }

std::string Platform::log_of(const std::string& name) const {
  return (settings_.data / "lab" / (name + ".log")).string();
}

Status Platform::make_folders() const {
  std::error_code failed;
  fs::create_directories(settings_.data / "lab", failed);
  if (!failed) return {};
  return Error(
      PlatformErrc::cannot_start,
      fmt::format("cannot make {}: {}", (settings_.data / "lab").string(), failed.message()));
}

Status Platform::start_agent() {
  const fs::path token_file = settings_.data / "lab" / "token";
  const std::string token = random_token();
  HAIL_RETURN_IF_ERROR(write_token(token_file, token));
  const int port = settings_.base_port + registry::kAgentPort;
  HAIL_ASSIGN_OR_RETURN(
      agent_pid_,
      spawn({{(settings_.programs / "hail-lab").string(), "agent", "--port", std::to_string(port),
              "--token-file", token_file.string(), "--logs", (settings_.data / "lab").string()},
             log_of("agent")}));
  agent_.emplace("127.0.0.1", port, token);
  const int64_t deadline_ms = clock_.steady_ms() + kAgentStartsMs;
  while (!agent_->alive()) {
    if (await_exit(agent_pid_, 2) || clock_.steady_ms() > deadline_ms) {
      return Error(PlatformErrc::cannot_start,
                   "the lab's agent did not start; see " + log_of("agent"));
    }
  }
  return {};
}

Status Platform::connect_agents() {
  for (const auto& plan : plans_) {
    HAIL_ASSIGN_OR_RETURN(const std::string token,
                          read_token(settings_.agent_tokens / plan.name / "token"));
    const int port = settings_.base_port + registry::kAgentPort;
    const auto agent = container_agents_.try_emplace(plan.name, plan.host, port, token).first;
    const auto view = agent->second.list();
    if (!view.ok()) return Error(view.error()).in(plan.name + "'s container");
  }
  return {};
}

AgentClient& Platform::agent_for(const std::string& name) {
  const auto found = container_agents_.find(name);
  return found == container_agents_.end() ? *agent_ : found->second;
}

/// What the containers' agents hold, added to `view`. An agent that does not answer adds nothing.
void Platform::add_containers(AgentClient::View& view) {
  for (auto& [name, agent] : container_agents_) {
    auto held = agent.list();
    if (!held.ok()) continue;
    view.agent_rss_kb += held->agent_rss_kb;
    for (auto& info : held->processes) view.processes.push_back(std::move(info));
    for (auto& link : held->links) view.links.push_back(std::move(link));
  }
}

std::vector<AgentClient*> Platform::agents() {
  std::vector<AgentClient*> all = {&*agent_};
  for (auto& [name, agent] : container_agents_) all.push_back(&agent);
  return all;
}

bool Platform::has(const std::string& process) const {
  return std::any_of(plans_.begin(), plans_.end(),
                     [&process](const ProcessPlan& plan) { return plan.name == process; });
}

Status Platform::start_process(const std::string& name, std::vector<std::string> argv,
                               RestartPolicy restart, const LinkServers& links) {
  const auto started = agent_->start(name, {std::move(argv), log_of(name)}, restart, links);
  if (!started.ok()) return started.error();
  return {};
}

Status Platform::act(const std::string& name, const char* verb) {
  const auto done = agent_for(name).act(name, verb);
  if (!done.ok()) return Error(done.error()).in(fmt::format("{} {}", verb, name));
  return {};
}

ProcessSample Platform::describe(size_t index, const std::vector<ProcessInfo>& known,
                                 int64_t now_ms) {
  ProcessSample one;
  one.is_service = plans_[index].is_service;
  one.process.name = plans_[index].name;
  for (const auto& info : known) {
    if (info.name != one.process.name) continue;
    one.process = info;
    one.is_known = true;
  }
  one.held_down = one.process.is_held_down || one.process.state == ProcessState::frozen;
  readers_[index].read(one, now_ms);
  return one;
}

/// Only a broker that answers is asked for lags: an absent one would hold up the sample.
void Platform::measure_lags(PlatformSample& sample) {
  const ProcessSample* broker = sample.find("broker");
  sample.lag_known = broker->ready && lags_->refresh(sample.at_ms);
  for (auto& one : sample.processes) {
    if (!one.is_service) continue;
    one.lag = lags_->of(one.process.name);
    one.lag_s = lags_->age_s(one.process.name, sample.at_ms);
  }
  sample.groups = lags_->groups();
}

Status Platform::start() {
  return owner_.run([this] { return start_all(); });
}

Status Platform::start_all() {
  HAIL_RETURN_IF_ERROR(make_folders());
  HAIL_RETURN_IF_ERROR(start_agent());
  if (settings_.in_containers()) HAIL_RETURN_IF_ERROR(connect_agents());
  for (const auto& plan : plans_) {
    if (!settings_.in_containers()) {
      HAIL_RETURN_IF_ERROR(start_process(plan.name, plan.argv, settings_.restart, plan.links));
    }
    readers_.emplace_back(plan);
  }
  lags_ = std::make_unique<LagMeter>(broker_url(settings_), services_of(plans_));
  return {};
}

Status Platform::kill(const std::string& name) { return act(name, "kill"); }
Status Platform::freeze(const std::string& name) { return act(name, "freeze"); }

Status Platform::restore(const std::string& name) {
  HAIL_ASSIGN_OR_RETURN(const auto view, agent_for(name).list());
  bool frozen = false;
  for (const auto& info : view.processes) {
    if (info.name == name) frozen = info.state == ProcessState::frozen;
  }
  return act(name, frozen ? "thaw" : "start");
}

Status Platform::run(const std::string& name, std::vector<std::string> argv) {
  return start_process(name, std::move(argv), RestartPolicy::never, {});
}

Result<PlatformSample> Platform::sample() {
  return owner_.run([this] { return take_sample(); });
}

Result<PlatformSample> Platform::recent(int64_t max_age_ms) {
  return owner_.run([this, max_age_ms]() -> Result<PlatformSample> {
    if (newest_ && clock_.steady_ms() - newest_->at_ms <= max_age_ms) return *newest_;
    return take_sample();
  });
}

Result<PlatformSample> Platform::take_sample() {
  HAIL_ASSIGN_OR_RETURN(auto view, agent_->list());
  add_containers(view);
  PlatformSample sample;
  sample.at_ms = clock_.steady_ms();
  sample.rss_kb = view.agent_rss_kb + proc_status(::getpid()).rss_kb;
  for (size_t i = 0; i < plans_.size(); ++i) {
    sample.processes.push_back(describe(i, view.processes, sample.at_ms));
    const ProcessSample& one = sample.processes.back();
    sample.rss_kb += one.process.rss_kb;
    // A container's agent starts again what died.
    if (one.died() && !settings_.in_containers()) {
      return Error(PlatformErrc::died,
                   fmt::format("{} ended by itself ({}); see {}", one.process.name,
                               how_it_ended(one.process), log_of(one.process.name)));
    }
  }
  measure_lags(sample);
  sample.links = std::move(view.links);
  for (const auto& info : view.processes) {
    if (sample.find(info.name) == nullptr) sample.others.push_back(info);
  }
  newest_ = sample;
  return sample;
}

void Platform::stop() {
  owner_.run([this] {
    if (agent_pid_ == 0) return;
    ::kill(agent_pid_, SIGTERM);
    if (!await_exit(agent_pid_, kAgentEndsMs)) ::kill(agent_pid_, SIGKILL);
    ::waitpid(agent_pid_, nullptr, 0);
    agent_pid_ = 0;
  });
}

}  // namespace hailstorm::lab

#include "tests/system/floods/flooded_platform.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "common/base/check.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

constexpr auto kDeadline = std::chrono::seconds(120);

/// The parent of a process.
pid_t parent_of(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("PPid:")) return static_cast<pid_t>(std::stol(line.substr(5)));
  }
  return 0;
}

}  // namespace

FloodedPlatform::FloodedPlatform() {
  settings_.programs = program_folder();
  settings_.data = folder_.path();
  settings_.base_port = free_ports(registry::port_range());
  platform_ = std::make_unique<lab::Platform>(settings_, clock_);
  const Status started = platform_->start();
  if (!started.ok()) fail(started.error().message());
  wait_until("all are ready", [this] { return sample().all_ready(); });
}

void FloodedPlatform::ride(int64_t count, double rate) {
  std::filesystem::create_directories(data() / "traffic");
  riders_ =
      Child({(program_folder() / "hail-traffic").string(), "--gateway", lab::gateway_url(settings_),
             "--lanes", "log", "--rides", std::to_string(count), "--rate", std::to_string(rate),
             "--retries", "1000", "--out", (data() / "traffic" / "answers.jsonl").string()},
            {.in = {}, .out = {}, .err = (data() / "riders.err").string()});
}

void FloodedPlatform::wait_for_riders() {
  constexpr int kTimeoutMs = 120'000;
  const int code = riders_.wait(kTimeoutMs);
  if (code != 0) fail("the riders' exit code was " + std::to_string(code));
}

void FloodedPlatform::wait_until_quiet() {
  int in_a_row = 0;  // between two looks an event may be on its way from one outbox to a group
  wait_until("nothing is on its way", [&] {
    in_a_row = sample().quiet() ? in_a_row + 1 : 0;
    return in_a_row == 3;
  });
}

lab::PlatformSample FloodedPlatform::sample() {
  auto seen = platform_->sample();
  if (!seen.ok()) fail(seen.error().message());
  return std::move(seen).value();
}

bool FloodedPlatform::is_seen(const std::string& process) {
  const auto seen = sample();
  return process == "agent" || seen.find(process)->answers;
}

int FloodedPlatform::port_of(const std::string& process) const {
  if (process == "agent") return settings_.base_port + registry::kAgentPort;
  if (process == "log") return settings_.base_port + registry::kBrokerPort;
  for (const auto& plan : lab::plan_of(settings_)) {
    if (plan.name == process) return plan.http_port;
  }
  fail("no process is named " + process);
}

std::map<std::string, pid_t> FloodedPlatform::pids() {
  std::map<std::string, pid_t> pids;
  for (const auto& one : sample().processes) {
    pids[one.process.name] = static_cast<pid_t>(one.process.pid);
  }
  pids["agent"] = parent_of(pids.at("broker"));
  return pids;
}

lab::AuditReport FloodedPlatform::audit() const {
  auto report = lab::audit(data());
  if (!report.ok()) fail(report.error().message());
  return std::move(report).value();
}

void FloodedPlatform::wait_until(const std::string& what,
                                 const std::function<bool()>& condition) const {
  if (!await(condition, kDeadline)) fail("waited in vain until " + what);
}

void FloodedPlatform::fail(const std::string& what) const {
  std::cerr << "flooded platform: " << what << "\n";
  for (const auto& plan : lab::plan_of(settings_)) {
    const std::string log = read_text(data() / "lab" / (plan.name + ".log"));
    std::cerr << "---- " << plan.name << "\n"
              << log.substr(log.size() - std::min<size_t>(log.size(), 1'500));
  }
  std::abort();
}

}  // namespace hailstorm::testing

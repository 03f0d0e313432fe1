#include "tests/system/floods/flood_steps.h"

#include <algorithm>
#include <memory>

#include "tests/support/await.h"
#include "tests/support/http_floods.h"
#include "tests/system/floods/log_floods.h"

namespace hailstorm::testing {
namespace {

using Clock = std::chrono::steady_clock;

const std::vector<std::string> kHttpTargets = {"gateway", "payment", "broker", "agent"};

int64_t wall_second() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
      .time_since_epoch()
      .count();
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

/// What the lab can freeze to show that it reaches the flooded process: that one, or another one by
/// way of the flooded agent.
std::string victim_of(const std::string& target) {
  return target == "agent" || target == "log" ? "notification" : target;
}

/// Freezes and thaws; until the lab sees it frozen, in ms.
double freeze_once(FloodedPlatform& platform, const std::string& victim) {
  const auto start = Clock::now();
  platform.wait_until(victim + " is frozen", [&] {
    return platform.running().freeze(victim).ok() &&
           platform.sample().find(victim)->process.state == lab::ProcessState::frozen;
  });
  const std::chrono::duration<double, std::milli> took = Clock::now() - start;
  platform.wait_until(victim + " is thawed",
                      [&] { return platform.running().restore(victim).ok(); });
  return took.count();
}

/// The lab's own pace; without it this process would be the flood.
void pause() {
  const auto until = Clock::now() + std::chrono::milliseconds(100);
  await([until] { return Clock::now() >= until; });
}

void look(FloodedPlatform& platform, StepResult& result) {
  ++result.looks;
  const int64_t second = wall_second();
  const auto seen = platform.sample();
  for (const auto& one : seen.processes) {
    if (one.running() && !one.answers) result.unseen_seconds.push_back(second);
  }
}

void add(std::vector<FloodStep>& steps, const std::vector<FloodKind>& kinds,
         const std::vector<std::string>& targets) {
  for (const auto& kind : kinds) steps.push_back({kind, targets});
}

}  // namespace

std::vector<FloodStep> short_steps() {
  std::vector<FloodStep> steps;
  constexpr size_t kMost = 500;  // against each; all of them are this process's connections
  add(steps, http_floods(kMost), kHttpTargets);
  add(steps, log_floods(), {"log"});
  return steps;
}

std::vector<FloodStep> long_steps() {
  std::vector<FloodStep> steps;
  for (const auto& target : kHttpTargets) add(steps, http_floods(), {target});
  add(steps, http_floods(1'000), kHttpTargets);
  add(steps, log_floods(), {"log"});
  return steps;
}

StepResult run_step(FloodedPlatform& platform, const FloodStep& step,
                    std::chrono::milliseconds how_long) {
  StepResult result;
  result.flood = step.kind.name;
  result.target = joined(step.targets);
  result.first_second = wall_second();
  const auto end = Clock::now() + how_long;
  std::vector<std::unique_ptr<Flood>> floods;
  for (const auto& target : step.targets) {
    floods.push_back(std::make_unique<Flood>(step.kind));
    floods.back()->start(platform.port_of(target));
  }
  for (const auto& target : step.targets) {
    result.slowest_freeze_ms =
        std::max(result.slowest_freeze_ms, freeze_once(platform, victim_of(target)));
  }
  do {
    look(platform, result);
    pause();
  } while (Clock::now() < end);
  floods.clear();
  result.last_second = wall_second();
  return result;
}

}  // namespace hailstorm::testing

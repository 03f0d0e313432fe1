// Floods the platform in every known way, one after the other, beside riders, and says what came of
// it: see ./test --floods.

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <string>

#include "common/base/options.h"
#include "common/base/run_main.h"
#include "services/lab/audit/audit_text.h"
#include "tests/support/process_figures.h"
#include "tests/system/floods/flood_report.h"
#include "tests/system/floods/flood_steps.h"
#include "tests/system/floods/flooded_platform.h"

namespace hailstorm::testing {
namespace {

constexpr double kRidesPerSecond = 50;

FloodReport flood_for(int64_t minutes) {
  FloodedPlatform platform;
  const auto steps = long_steps();
  const auto each =
      std::chrono::milliseconds(minutes * 60'000 / static_cast<int64_t>(steps.size()));
  FloodReport report;
  platform.ride(static_cast<int64_t>(static_cast<double>(minutes) * 60 * kRidesPerSecond),
                kRidesPerSecond);
  const auto pids = platform.pids();
  for (const auto& step : steps) {
    report.steps.push_back(run_step(platform, step, each));
    std::cerr << "flooded: " << step.kind.name << " (" << report.steps.back().target << ")\n";
  }
  platform.wait_for_riders();
  platform.wait_until_quiet();
  for (const auto& [name, pid] : pids) {
    report.memory.push_back({name, figures_of(pid).peak_rss_mb, memory_bound_mb(name)});
  }
  report.answers = read_answers(platform.data());
  const auto audit = platform.audit();
  report.audit_text = lab::to_text(audit);
  report.audit_is_clean = audit.clean();
  return report;
}

int run_floods(int argc, char** argv) {
  int64_t minutes = 30;
  Options options("flood_run", "Floods the platform in every known way beside 50 rides a second.");
  options.add("minutes", minutes, {1, 24 * 60, "minutes"}, "shared evenly by the floods");
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  const MachineLoad load;
  const FloodReport report = flood_for(minutes);
  std::cout << report.text(load);
  return report.faults(load).empty() ? 0 : 1;
}

}  // namespace
}  // namespace hailstorm::testing

int main(int argc, char** argv) {
  return hailstorm::run_main({.name = "flood_run"}, argc, argv, hailstorm::testing::run_floods);
}

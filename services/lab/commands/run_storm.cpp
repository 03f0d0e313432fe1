#include "services/lab/commands/run_storm.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "common/base/counted.h"
#include "services/lab/commands/lab_run.h"
#include "services/lab/commands/open_lab.h"
#include "services/lab/remote/fault_kinds.h"
#include "services/lab/screen/screen.h"
#include "services/lab/storm/storm_result.h"
#include "services/lab/storm/storm_run.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kStormProgram = "hail-lab storm";
constexpr int kStormStepMs = 40;
constexpr int64_t kStormSettlesMs = 120'000;

StormRequest request_of(const StormSettings& settings) {
  StormRequest request;
  request.seed = static_cast<uint64_t>(settings.lab.platform.seed);
  request.length_ms = std::llround(settings.minutes * 60'000);
  request.kills = settings.kills;
  request.kinds = actions_of(settings.kinds);
  request.targets = settings.targets;
  request.at_once = static_cast<size_t>(settings.at_once);
  return request;
}

Status inject_all(const StormSettings& settings, const std::vector<PlannedFault>& plan,
                  LabRun<StormResult>& run) {
  HAIL_RETURN_IF_ERROR(run.lab().ride(settings.rate));
  StormRun storm(run.outcome().request, plan, run.lab(), run.clock());
  const Status status = run.take(storm, kStormStepMs);
  run.outcome().faults = storm.faults();
  return status;
}

std::string opening(const StormRequest& request, const std::vector<PlannedFault>& plan) {
  return request.kills > 0 ? fmt::format("A storm of seed {}: {}", request.seed,
                                         counted(request.kills, "SIGKILL"))
                           : fmt::format("A storm of seed {}: {} in {:.0f} s", request.seed,
                                         counted(plan.size(), "fault"),
                                         static_cast<double>(request.length_ms) / 1e3);
}

}  // namespace

void StormSettings::add_to(Options& options) {
  options.add("minutes", minutes, {0.05, 1'440, "minutes"}, "how long faults are injected");
  options.add("kills", kills, {0, 100'000, "SIGKILLs"},
              "instead of minutes and kinds: exactly so many SIGKILLs, of any process");
  options.add_choices("kinds", kinds, fault_names(),
                      "faults; by default those of processes and links, but disk_full");
  options.add_choices("targets", targets, all_targets(), "what they hit; by default anything");
  options.add("at-once", at_once, {1, 8, "faults"}, "how many faults are on at a time, at most");
  options.add("rate", rate, {0.1, 10'000, "rides/s"}, "rides per second meanwhile");
  options.add_flag("dry-run", dry_run, "print the schedule, and do nothing");
  outputs.add_to(options);
  lab.add_to(options);
}

int run_storm(StormSettings settings, const Clock& clock, StopSignal& stop) {
  if (const auto wrong = settings.outputs.check(); !wrong.empty()) {
    return usage_error(kStormProgram, wrong);
  }
  const StormRequest request = request_of(settings);
  const auto plan = plan_storm(request);
  if (!plan.ok()) return usage_error(kStormProgram, plan.error().message());
  Screen().say(opening(request, *plan));
  if (settings.dry_run) {
    Screen().say(to_text(*plan));
    return 0;
  }
  return with_lab(
      kStormProgram, settings.lab, clock, stop, settings.outputs.report, [&](LabClient& client) {
        StormResult result;
        result.request = request;
        result.rides_per_second = settings.rate;
        LabRun<StormResult> run(std::move(result), settings.outputs, client, clock, stop);
        const Status injected = inject_all(settings, *plan, run);
        run.say("The storm is over; waiting until every ride is settled");
        return run.finish(injected, kStormSettlesMs);
      });
}

}  // namespace hailstorm::lab

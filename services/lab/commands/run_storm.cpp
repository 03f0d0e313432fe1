#include "services/lab/commands/run_storm.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "services/lab/commands/open_lab.h"
#include "services/lab/commands/run_steps.h"
#include "services/lab/remote/conclusion.h"
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

class Storm {
 public:
  Storm(const StormSettings& settings, const StormRequest& request,
        const std::vector<PlannedFault>& plan, LabClient& client, const Clock& clock,
        StopSignal& stop)
      : settings_(settings), plan_(plan), lab_(client), clock_(clock), stop_(stop) {
    result_.request = request;
    result_.rides_per_second = settings.rate;
  }

  /// Gives the exit code.
  int run() {
    const Status injected = inject_all();
    if (!injected.ok()) result_.trouble = injected.error().message();
    screen_.say("The storm is over; waiting until every ride is settled");
    auto end = conclude(lab_, kStormSettlesMs, clock_, stop_);
    if (end.ok()) {
      result_.end = std::move(*end);
    } else {
      result_.trouble += (result_.trouble.empty() ? "" : "; ") + end.error().message();
    }
    if (stop_.requested()) {
      screen_.say("Stopped before the end; every fault is reverted.");
      return stop_.exit_code();
    }
    screen_.say(to_lines(result_));
    const auto unwritten = settings_.outputs.write(to_html(result_), to_json(result_));
    if (unwritten.empty()) return result_.exit_code();
    screen_.say(unwritten);
    return 1;
  }

 private:
  Status inject_all() {
    HAIL_RETURN_IF_ERROR(lab_.ride(settings_.rate));
    StormRun run(result_.request, plan_, lab_, clock_);
    const Status status = run_steps(run, kStormStepMs, screen_, clock_, stop_, result_.lasted_s);
    result_.faults = run.faults();
    return status;
  }

  const StormSettings& settings_;
  const std::vector<PlannedFault>& plan_;
  RemoteLab lab_;
  const Clock& clock_;
  StopSignal& stop_;
  Screen screen_;
  StormResult result_;
};

std::string opening(const StormRequest& request, const std::vector<PlannedFault>& plan) {
  return request.kills > 0
             ? fmt::format("A storm of seed {}: {} SIGKILLs", request.seed, request.kills)
             : fmt::format("A storm of seed {}: {} faults in {:.0f} s", request.seed, plan.size(),
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
  return with_lab(kStormProgram, settings.lab, clock, stop, [&](LabClient& client) {
    return Storm(settings, request, *plan, client, clock, stop).run();
  });
}

}  // namespace hailstorm::lab

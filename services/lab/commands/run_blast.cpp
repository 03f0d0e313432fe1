#include "services/lab/commands/run_blast.h"

#include <fmt/format.h>

#include "services/lab/blast/blast_result.h"
#include "services/lab/blast/blast_run.h"
#include "services/lab/commands/open_lab.h"
#include "services/lab/commands/run_steps.h"
#include "services/lab/remote/conclusion.h"
#include "services/lab/remote/fault_kinds.h"
#include "services/lab/screen/screen.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kBlastProgram = "hail-lab blast";
constexpr int kBlastStepMs = 50;  // frames come at 5 Hz
constexpr int64_t kBlastSettlesMs = 60'000;

BlastRequest request_of(const BlastSettings& settings) {
  BlastRequest request;
  request.actions = actions_of(settings.faults);
  request.targets = settings.targets;
  request.quick = settings.quick;
  request.rides_per_second = settings.rate;
  return request;
}

class Blast {
 public:
  Blast(const BlastSettings& settings, const BlastRequest& request, LabClient& client,
        const Clock& clock, StopSignal& stop)
      : settings_(settings), lab_(client), clock_(clock), stop_(stop) {
    result_.request = request;
    result_.seed = static_cast<uint64_t>(settings.lab.platform.seed);
  }

  /// Gives the exit code.
  int run(const std::vector<BlastFault>& plan) {
    const Status measured = measure_all(plan);
    if (!measured.ok()) result_.trouble = measured.error().message();
    auto end = conclude(lab_, kBlastSettlesMs, clock_, stop_);
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
  Status measure_all(const std::vector<BlastFault>& plan) {
    HAIL_RETURN_IF_ERROR(lab_.ride(settings_.rate, {"log", "chain"}));
    BlastRun run(result_.request, plan, lab_, clock_);
    const Status status = run_steps(run, kBlastStepMs, screen_, clock_, stop_, result_.lasted_s);
    result_.cells = run.cells();
    return status;
  }

  const BlastSettings& settings_;
  RemoteLab lab_;
  const Clock& clock_;
  StopSignal& stop_;
  Screen screen_;
  BlastResult result_;
};

}  // namespace

void BlastSettings::add_to(Options& options) {
  options.add_choices("faults", faults, fault_names(),
                      "what is done; by default the faults of processes and links, but disk_full");
  options.add_choices("targets", targets, all_targets(), "to what; by default to each in turn");
  options.add_flag("quick", quick, "kill and freeze alone, and shorter spans: about a minute");
  options.add("rate", rate, {1, 10'000, "rides/s"}, "rides per second, on both lanes");
  outputs.add_to(options);
  lab.add_to(options);
}

int run_blast(BlastSettings settings, const Clock& clock, StopSignal& stop) {
  if (const auto wrong = settings.outputs.check(); !wrong.empty()) {
    return usage_error(kBlastProgram, wrong);
  }
  const BlastRequest request = request_of(settings);
  const auto plan = plan_blast(request);
  if (!plan.ok()) return usage_error(kBlastProgram, plan.error().message());
  Screen().say(fmt::format("{} faults, one after the other", plan->size()));
  return with_lab(kBlastProgram, settings.lab, clock, stop, [&](LabClient& client) {
    return Blast(settings, request, client, clock, stop).run(*plan);
  });
}

}  // namespace hailstorm::lab

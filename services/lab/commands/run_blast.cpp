#include "services/lab/commands/run_blast.h"

#include <fmt/format.h>

#include "common/base/counted.h"
#include "services/lab/blast/blast_result.h"
#include "services/lab/blast/blast_run.h"
#include "services/lab/commands/lab_run.h"
#include "services/lab/commands/open_lab.h"
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

Status measure_all(const BlastSettings& settings, const std::vector<BlastFault>& plan,
                   LabRun<BlastResult>& run) {
  HAIL_RETURN_IF_ERROR(run.lab().ride(settings.rate, {"log", "chain"}));
  BlastRun blast(run.outcome().request, plan, run.lab(), run.clock());
  const Status status = run.take(blast, kBlastStepMs);
  run.outcome().cells = blast.cells();
  return status;
}

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
  Screen().say(fmt::format("{}, one after the other", counted(plan->size(), "fault")));
  return with_lab(
      kBlastProgram, settings.lab, clock, stop, settings.outputs.report, [&](LabClient& client) {
        BlastResult result;
        result.request = request;
        result.seed = static_cast<uint64_t>(settings.lab.platform.seed);
        LabRun<BlastResult> run(std::move(result), settings.outputs, client, clock, stop);
        return run.finish(measure_all(settings, *plan, run), kBlastSettlesMs);
      });
}

}  // namespace hailstorm::lab

#include "services/lab/commands/run_rerun.h"

#include <fmt/format.h>

#include "services/lab/commands/open_lab.h"
#include "services/lab/incidents/incident.h"
#include "services/lab/incidents/replay.h"
#include "services/lab/remote/conclusion.h"
#include "services/lab/screen/screen.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kRerunProgram = "hail-lab rerun";
constexpr int kRerunStepMs = 20;
constexpr int64_t kRerunSettlesMs = 60'000;

std::string row_of(const char* run, const IncidentOutcome& outcome) {
  std::string text = fmt::format("  {:<10}{:>13.1f} %{:>14.1f} %", run, outcome.log_accepted * 100,
                                 outcome.chain_accepted * 100);
  if (!outcome.audit) return text + "  no audit";
  const LaneCounts& log = outcome.audit->log;
  return text + fmt::format("{:>7}{:>12}{:>10}", log.lost, log.duplicated, log.orphaned);
}

/// The frames around the replay, and the audit after it.
Result<IncidentOutcome> replay(const Incident& incident, RemoteLab& lab, const Clock& clock,
                               StopSignal& stop, Screen& screen) {
  HAIL_ASSIGN_OR_RETURN(const Snapshot first, lab.look());
  Replay again(incident.schedule, lab, clock);
  while (!again.done() && !stop.wait_for(kRerunStepMs)) {
    HAIL_RETURN_IF_ERROR(again.step());
    screen.progress(again.line(), clock.steady_ms());
  }
  HAIL_ASSIGN_OR_RETURN(const Snapshot last, lab.look());
  auto outcome = outcome_between(first, last);
  HAIL_ASSIGN_OR_RETURN(const auto end, conclude(lab, kRerunSettlesMs, clock, stop));
  outcome.audit = end.audit;
  return outcome;
}

int rerun(const RerunSettings& settings, const Incident& incident, LabClient& client,
          const Clock& clock, StopSignal& stop) {
  RemoteLab lab(client);
  Screen screen;
  const auto outcome = replay(incident, lab, clock, stop, screen);
  if (stop.requested()) return stop.exit_code();
  if (!outcome.ok()) {
    // What the lab still does would go on without this.
    (void)lab.revert_all();
    (void)lab.ride(0);
    screen.say("It could not be done again: " + outcome.error().message());
    return 1;
  }
  screen.say("  run         log accepted  chain accepted   lost  duplicated  orphaned");
  screen.say(row_of("recorded", incident.outcome));
  screen.say(row_of("again", *outcome));
  const auto all = differences(incident.outcome, *outcome, settings.tolerance_percent);
  for (const auto& one : all) screen.say("  " + one);
  screen.say(all.empty() ? fmt::format("The verdicts are the same, within {} % of rides accepted.",
                                       settings.tolerance_percent)
                         : "The verdicts are not the same.");
  return all.empty() ? 0 : 1;
}

}  // namespace

void RerunSettings::add_to(Options& options) {
  options.add_positional("file", file, "a recording, as hail-lab record writes it");
  options.add("tolerance-percent", tolerance_percent, {0, 100, "percent"},
              "how far the accepted shares of a lane may lie apart");
  lab.add_to(options);
}

int run_rerun(RerunSettings settings, const Clock& clock, StopSignal& stop) {
  const auto incident = read_incident(settings.file);
  if (!incident.ok()) return usage_error(kRerunProgram, incident.error().message());
  settings.lab.platform.seed = static_cast<int64_t>(incident->schedule.seed);
  const size_t faults = incident->schedule.faults.size();
  Screen().say(fmt::format("{:.1f} s, {} {}, seed {}",
                           static_cast<double>(incident->schedule.duration_ms()) / 1e3, faults,
                           faults == 1 ? "fault" : "faults", incident->schedule.seed));
  return with_lab(kRerunProgram, settings.lab, clock, stop, "", [&](LabClient& client) {
    return rerun(settings, *incident, client, clock, stop);
  });
}

}  // namespace hailstorm::lab

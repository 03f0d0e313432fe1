#include <iostream>
#include <string>

#include "common/base/clock.h"
#include "common/base/logging.h"
#include "common/base/options.h"
#include "common/base/run_main.h"
#include "common/base/run_server.h"
#include "common/base/stop_signal.h"
#include "services/lab/agent/run_agent.h"
#include "services/lab/audit/audit.h"
#include "services/lab/audit/audit_text.h"
#include "services/lab/backup/backup.h"
#include "services/lab/commands/run_blast.h"
#include "services/lab/commands/run_rerun.h"
#include "services/lab/commands/run_storm.h"
#include "services/lab/dead_letters/command.h"
#include "services/lab/door/command.h"
#include "services/lab/experiments/run_experiment.h"
#include "services/lab/passport/command.h"
#include "services/lab/probe/probe.h"
#include "services/lab/queue/command.h"
#include "services/lab/serve/faults_command.h"
#include "services/lab/serve/run_serve.h"
#include "services/lab/serve/url_command.h"
#include "services/lab/story/settings.h"
#include "services/lab/story/story.h"
#include "services/lab/views/record_command.h"

namespace {

using namespace hailstorm;

struct AuditSettings {
  std::string data;
  bool json = false;
  bool other_riders = false;
  int64_t within_s = 0;
};

int run_audit(const AuditSettings& settings, const Clock& clock) {
  const auto riders = settings.other_riders ? lab::Riders::also_others : lab::Riders::recorded;
  const auto report =
      lab::audit_until_clean(settings.data, riders, settings.within_s * 1000, clock);
  if (!report.ok()) return usage_error("hail-lab audit", report.error().message());
  std::cout << (settings.json ? to_json(*report) + "\n" : to_text(*report));
  return report->clean() ? 0 : 1;
}

void add_audit(Options& options, AuditSettings& audit, const Clock& clock) {
  auto& audit_command = options.add_command(
      "audit", "Judges every ride of a data folder; exit 0 only if nothing is wrong.",
      [&audit, &clock] { return run_audit(audit, clock); });
  audit_command.add_required("data", audit.data, "the folder that the platform ran with");
  audit_command.add_flag("json", audit.json, "for programs");
  audit_command.add_flag(
      "other-riders", audit.other_riders,
      "rides that the gateway accepted count also where no recorded rider asked");

  audit_command.add("within-s", audit.within_s, {0, 86'400, "seconds"},
                    "rides on their way may take so many seconds to settle");
}

void add_agent(Options& options, lab::AgentSettings& agent, const Clock& clock) {
  auto& command = options.add_command(
      "agent", "Holds processes: start, kill, freeze, thaw, over HTTP.", [&agent, &clock] {
        if (const Status begun = agent.log.begin("lab-agent"); !begun.ok()) {
          return usage_error("hail-lab agent", begun.error().message());
        }
        return run_server("hail-lab agent",
                          [&](ServerStart& start) { return lab::run_agent(agent, clock, start); });
      });
  agent.add_to(command);
}

/// A command that Ctrl-C stops; `run` gives its exit code.
template <class Settings, class Run>
void add(Options& options, const std::string& name, const std::string& summary, Settings& settings,
         const Clock& clock, Run run) {
  auto& command = options.add_command(name, summary, [&settings, &clock, run] {
    StopSignal stop;
    init_logging("lab", LogLevel::error);
    return run(settings, clock, stop);
  });
  settings.add_to(command);
}

void add_probe(Options& options, std::string& url) {
  auto& command = options.add_command("probe", "Asks a health check; exit 0 only if it says yes.",
                                      [&url] { return lab::probe(url); });
  command.add_positional("url", url, "http://HOST:PORT/readyz");
}

void add_url(Options& options, lab::UrlSettings& settings, const Clock& clock) {
  add(options, "url", "Prints the address of a running lab's page.", settings, clock,
      [](const auto& url, const Clock&, StopSignal&) { return lab::run_url(url); });
}

/// The commands that ask a lab, or read a platform's data.
struct Questions {
  lab::FaultsCommand faults;
  lab::UrlSettings url;
  lab::DeadLettersCommand dead_letters;
  lab::PassportCommand passport;
  lab::QueueCommand queue;

  void add_to(Options& options, const Clock& clock) {
    faults.add_to(options);
    add_url(options, url, clock);
    dead_letters.add_to(options);
    passport.add_to(options);
    queue.add_to(options);
  }
};

int run(int argc, char** argv) {
  const SystemClock clock;
  lab::AgentSettings agent;
  lab::StorySettings story;
  AuditSettings audit;
  Options options("hail-lab",
                  "Breaks the platform on purpose, and judges what became of the rides.");

  add_agent(options, agent, clock);
  add(options, "story", "Starts the platform, breaks it in six acts, gives the verdict.", story,
      clock, lab::run_story);

  lab::ServeSettings serve;
  add(options, "serve", "Starts the platform and offers the lab's API until Ctrl-C.", serve, clock,
      lab::run_serve);

  lab::StormSettings storm;
  add(options, "storm", "Breaks the platform by chance, from a seed, and audits every ride.", storm,
      clock, lab::run_storm);

  lab::RecordSettings record;
  add(options, "record", "Saves the last minutes of a running lab, to look at and to run again.",
      record, clock, [](const auto& settings, const Clock&, StopSignal& stop) {
        return lab::run_record(settings, stop);
      });

  lab::ExperimentCommand experiment(clock);
  experiment.add_to(options);

  lab::BlastSettings blast;
  add(options, "blast", "Measures what each fault does to all others.", blast, clock,
      lab::run_blast);

  lab::DoorCommand door(clock);
  door.add_to(options);

  lab::RerunSettings rerun;
  add(options, "rerun", "Does what a recording shows once more, and compares the verdicts.", rerun,
      clock, lab::run_rerun);

  Questions questions;
  questions.add_to(options, clock);

  add_audit(options, audit, clock);

  lab::BackupSettings backup;
  add(options, "backup",
      "Copies the running platform to a new folder, from which it can start again.", backup, clock,
      lab::run_backup);

  std::string probed;
  add_probe(options, probed);

  if (const auto code = options.parse(argc, argv)) return *code;
  return options.run_command();
}

}  // namespace

int main(int argc, char** argv) {
  return run_main({.name = "hail-lab", .open_files = 64}, argc, argv, run);
}

#include "services/lab/experiments/run_experiment.h"

#include <cstdlib>
#include <fmt/format.h>
#include <iostream>
#include <unistd.h>

#include "common/base/logging.h"
#include "common/base/output_file.h"
#include "services/lab/api/errors.h"
#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/document/experiment_file.h"
#include "services/lab/experiments/experiment_report.h"
#include "services/lab/experiments/journal.h"
#include "services/lab/experiments/runner.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab experiment";

std::string url_of(const Address& lab) { return "http://" + to_text(lab); }

/// The environment, with the lab of this run in it.
Environment environment_with(const Address& lab, const std::string& authorization) {
  return [lab, authorization](const std::string& name) -> std::optional<std::string> {
    if (name == "HAIL_LAB") return url_of(lab);
    if (name == "HAIL_LAB_BEARER") return authorization;
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

/// Where the lab will be, before it is there.
Result<Address> address_of(const OwnLabSettings& settings) {
  if (!settings.address.lab.empty()) return http::parse_address(settings.address.lab);
  return Address{"127.0.0.1", static_cast<int>(settings.platform.base_port) + registry::kLabPort};
}

/// Empty: the files can be written.
std::string problem_of_outputs(const std::string& report, const std::string& journal) {
  for (const auto& [option, file] : {std::pair("--report", report), {"--journal", journal}}) {
    if (file.empty()) continue;
    const auto output = OutputFile::check(file);
    if (!output.ok()) return fmt::format("{}: {}", option, output.error().message());
  }
  return {};
}

Status write_file(const std::string& file, const std::string& text) {
  HAIL_ASSIGN_OR_RETURN(const auto output, OutputFile::check(file));
  return output.write(text);
}

/// Writes a result where a file is named for it; false where it could not be.
bool write_result(Narrator& narrator, const char* what, const std::string& file,
                  const std::string& text) {
  if (file.empty()) return true;
  const Status written = write_file(file, text);
  narrator.say(written.ok() ? fmt::format("The {} is in {}", what, file)
                            : written.error().message());
  return written.ok();
}

void say_faults(Narrator& narrator, const ExperimentRun& run) {
  const auto since = [&run](int64_t at_ms) {
    return at_ms == 0 ? "never" : fmt::format("{:.1f} s", run.series.seconds(at_ms));
  };
  for (const ExperimentFault* fault : run.faults_in_order()) {
    const FaultState& state = fault->state;
    narrator.say(
        fmt::format("  {} {}: asked {}, injected {}, proven {}, reverted {}, proven off {}",
                    name_of(state.request.action), state.request.target, since(state.asked_at_ms),
                    since(state.injected_at_ms), since(state.proven_at_ms),
                    since(state.reverted_at_ms), since(state.proven_off_at_ms)));
  }
}

}  // namespace

void ExperimentCommand::add_to(Options& options) {
  auto& command = options.add_command("experiment", "Runs an experiment from a file.");
  auto& run_command = command.add_command(
      "run",
      "Runs it on a platform of its own, or on the one of --lab; exit 0 it passed, 1 it "
      "failed, 3 inconclusive.",
      [this] {
        StopSignal stop;
        init_logging("lab", LogLevel::error);
        return run(stop);
      });
  run_command.add_positional("file", file_,
                             "the experiment: Chaos Toolkit's document, YAML or JSON");
  run_command.add("report", report_, "HTML file for the report, readable without a lab");
  run_command.add("journal", journal_, "JSON file for the journal, as Chaos Toolkit writes it");
  lab_.add_to(run_command);
  auto& check_command = command.add_command(
      "check", "Whether the file can be run here; exit 2 where not.", [this] { return check(); });
  check_command.add_positional("file", file_, "the experiment");
}

int ExperimentCommand::check() const {
  const auto experiment = read_experiment(file_);
  if (!experiment.ok()) return usage_error(kProgram, experiment.error().message());
  const Address lab = {"127.0.0.1", registry::kBasePort + registry::kLabPort};
  const auto plan = plan_of(*experiment, lab, environment_with(lab, ""));
  if (!plan.ok()) return usage_error(kProgram, file_ + ": " + plan.error().message());
  std::cout << fmt::format("{} can be run: {} probes, {} activities, {} rollbacks\n", file_,
                           plan->probes.size(), plan->method.size(), plan->rollbacks.size());
  return 0;
}

int ExperimentCommand::run(StopSignal& stop) {
  auto experiment = read_experiment(file_);
  if (!experiment.ok()) return usage_error(kProgram, experiment.error().message());
  const auto address = address_of(lab_);
  if (!address.ok()) return usage_error(kProgram, "--lab: " + address.error().message());
  // Whatever is wrong with the file is found before anything is started.
  auto plan = plan_of(*experiment, *address, environment_with(*address, lab_.address.bearer));
  if (!plan.ok()) return usage_error(kProgram, file_ + ": " + plan.error().message());
  const auto problem = problem_of_outputs(report_, journal_);
  if (!problem.empty()) return usage_error(kProgram, problem);
  if (!lab_.address.lab.empty() && experiment->hailstorm.needs_own_platform()) {
    return usage_error(kProgram, file_ +
                                     ": unsafe and flush change the platform itself, so it "
                                     "needs one of its own: leave out --lab");
  }
  Narrator narrator(std::cout, ::isatty(STDOUT_FILENO) == 1, clock_);
  narrator.say(experiment->title);
  narrator.say("  " + experiment->description);
  lab_.platform.unsafe = experiment->hailstorm.unsafe;
  lab_.platform.topic_flush = experiment->hailstorm.flush;
  lab_.platform.seed = experiment->hailstorm.seed.value_or(lab_.platform.seed);
  auto own = OwnLab::open(lab_, clock_, stop);
  if (!own.ok()) {
    if (stop.requested()) return stop.exit_code();
    const int code = usage_error(kProgram, own.error().message());
    return own.error().is(ApiErrc::bad_request) ? code : 3;
  }
  return run_on(**own, *experiment, stop, narrator);
}

int ExperimentCommand::run_on(OwnLab& own, const Experiment& experiment, StopSignal& stop,
                              Narrator& narrator) {
  const LabClient& client = own.client();
  const auto plan = plan_of(experiment, client.address(),
                            environment_with(client.address(), client.authorization()));
  if (!plan.ok()) return usage_error(kProgram, file_ + ": " + plan.error().message());
  narrator.say(fmt::format("  lab {}, seed {}", url_of(client.address()), lab_.platform.seed));
  HttpLab lab(client.address());
  ExperimentRun result =
      ExperimentRunner(lab, client.authorization(), clock_, stop, narrator).run(experiment, *plan);
  result.lab = url_of(client.address());
  result.seed = lab_.platform.seed;
  const ExperimentConclusion conclusion = conclude(result);
  narrator.say("Faults, from the beginning of the run");
  say_faults(narrator, result);
  narrator.say(fmt::format("Verdict: {}. {}", name_of(conclusion.verdict), conclusion.reason));
  const bool is_written =
      write_result(narrator, "report", report_, report_of(result, conclusion)) &&
      write_result(narrator, "journal", journal_,
                   json::to_text(journal_of(result, conclusion), json::Layout::indented) + "\n");
  if (!own.data().empty()) narrator.say("The data is kept in " + own.data());
  if (result.is_interrupted) return stop.exit_code();
  return is_written || conclusion.exit_code() != 0 ? conclusion.exit_code() : 1;
}

}  // namespace hailstorm::lab

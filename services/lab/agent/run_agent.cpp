#include "services/lab/agent/run_agent.h"

#include <fmt/format.h>
#include <memory>

#include "common/base/logging.h"
#include "services/lab/agent/agent.h"
#include "services/lab/agent/fault_control.h"
#include "services/lab/agent/link_table.h"
#include "services/lab/agent/process_table.h"
#include "services/lab/agent/token.h"
#include "services/lab/faults/disk_full_fault.h"
#include "services/lab/faults/fault_board.h"
#include "services/lab/faults/process_faults.h"
#include "services/lab/faults/records/record_faults.h"
#include "services/lab/links/link_faults.h"
#include "services/lab/links/link_relay.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab agent";
constexpr int kLookEveryMs = 100;

/// Until a stop is requested, or the held process refuses to start.
Result<int> hold_until_stopped(ProcessTable& table, LinkTable& links, const AgentSettings& settings,
                               ServerStart& start) {
  HAIL_ASSIGN_OR_RETURN(const auto servers, parse_links(settings.links));
  std::vector<std::string> argv = settings.command;
  HAIL_RETURN_IF_ERROR(links.connect(settings.hold, servers, argv));
  const SpawnRequest request{
      .argv = std::move(argv), .log_file = {}, .with_settings = true, .data = settings.hold_data};
  remove_filler(data_of(request));  // of an agent that was killed
  auto held = table.start(settings.hold, request, RestartPolicy::unless_refused);
  if (!held.ok()) return std::move(held).error();
  start.succeeded();
  while (!start.stop().wait_for(kLookEveryMs)) {
    held = table.describe(settings.hold);
    if (held.ok() && held->exit_code == kRefused && !held->comes_back) return kRefused;
  }
  return 0;
}

AgentBounds bounds_of(const AgentSettings& settings) {
  AgentBounds bounds{own_program_folder(), {}, settings.log.file_bytes};
  if (!settings.logs.empty()) bounds.logs = std::filesystem::absolute(settings.logs);
  return bounds;
}

/// Where the broker listens that this agent holds, by its options.
Result<std::string> held_broker(ProcessControl& processes) {
  HAIL_ASSIGN_OR_RETURN(const auto broker, processes.look("broker"));
  std::string host = option_in(broker.argv, "--host");
  if (host.empty() || host == "0.0.0.0") host = "127.0.0.1";
  std::string port = option_in(broker.argv, "--port");
  if (port.empty()) port = std::to_string(registry::kBasePort + registry::kBrokerPort);
  return fmt::format("hailstorm://{}:{}", host, port);
}

/// Faults of records, which are made at the broker that this agent holds.
FaultMaker record_faults_of(ProcessControl& processes) {
  return [&processes](const FaultRequest& request) -> Result<std::unique_ptr<Fault>> {
    HAIL_ASSIGN_OR_RETURN(const std::string broker, held_broker(processes));
    return record_fault_maker(broker)(request);
  };
}

/// The exit code as a shell gives it: 128 and the signal for a process that had to be killed.
int how_it_ended(ProcessTable& table, const std::string& name) {
  const auto held = table.describe(name);
  if (!held.ok()) return 1;
  return held->signal ? 128 + *held->signal : held->exit_code.value_or(1);
}

}  // namespace

void AgentSettings::add_to(Options& options) {
  options.add_host("host", host,
                   "address to listen on; of a name the first IPv4 address, else the first IPv6");
  options.add("port", port, kPortOrAnyRange, "port to listen on; 0 takes any free one");
  options.add_hosts("http-hosts", http_hosts,
                    "names under which the lab reaches this agent, besides localhost and IP "
                    "addresses");
  options.add("token-file", token_file, "file whose first line is the token");
  options.add("fallback-token", fallback_token,
              "file of the token when no token file is named or it is empty; made if missing");
  options.add(
      "logs", logs,
      "folder below which started processes may have their logs; without it they have none");
  options.add("grace-ms", grace_ms, {0, 600'000, "ms"},
              "how long a process may take to end after SIGTERM");
  log.add_to(options);
  options.add("hold", hold, "hold COMMAND under this name: start it now, and again when it dies");
  options.add(
      "hold-data", hold_data,
      "data folder of COMMAND, for faults of its files; if not given, what its option --data "
      "says");
  options.add_each("link", links,
                   "NAME=HOST:PORT: COMMAND reaches this server through a relay, whose address is "
                   "written for {NAME} in its arguments");
  options.add_rest("COMMAND", command, "program and arguments, after --");
}

Result<int> run_agent(const AgentSettings& settings, const Clock& clock, ServerStart& start) {
  if (settings.hold.empty() != settings.command.empty()) {
    return usage_error(kProgram, "--hold NAME and -- COMMAND go together");
  }
  if (settings.token_file.empty() && settings.fallback_token.empty()) {
    return usage_error(kProgram, "give --token-file, or --fallback-token to have a token made");
  }
  HAIL_ASSIGN_OR_RETURN(const auto token,
                        agent_token(settings.token_file, settings.fallback_token));
  ProcessTable table(clock, /*adopts_orphans=*/true);
  FaultControl processes(table, own_program_folder());
  LinkRelay relay(clock);
  LinkTable links(relay);
  FaultBoard faults(
      {process_fault_maker(processes), link_fault_maker(relay), record_faults_of(processes)},
      clock);
  int code = 0;
  {
    Agent agent(table, links, faults, bounds_of(settings),
                {settings.host, static_cast<int>(settings.port), settings.http_hosts}, token);
    HAIL_RETURN_IF_ERROR(agent.start());
    log_info("the agent serves", {{"port", agent.port()}});
    if (settings.hold.empty()) {
      start.succeeded();
      start.stop().wait();
    } else {
      HAIL_ASSIGN_OR_RETURN(code, hold_until_stopped(table, links, settings, start));
    }
  }
  table.begin_end();  // a fault that ends now starts nothing
  faults.close();
  table.terminate_all(static_cast<int>(settings.grace_ms));
  if (code == 0 && !settings.hold.empty()) return how_it_ended(table, settings.hold);
  return code;
}

}  // namespace hailstorm::lab

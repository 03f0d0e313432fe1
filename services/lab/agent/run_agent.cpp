#include "services/lab/agent/run_agent.h"

#include "common/base/logging.h"
#include "services/lab/agent/agent.h"
#include "services/lab/agent/process_table.h"
#include "services/lab/agent/token.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab agent";
constexpr int kLookEveryMs = 100;

/// Until a stop is requested, or what we were told to hold says that it cannot start.
int hold_until_told(ProcessTable& table, const AgentSettings& settings, StopSignal& stop) {
  auto held =
      table.start(settings.hold, {.argv = settings.command, .log_file = {}, .with_settings = true},
                  RestartPolicy::unless_refused);
  if (!held.ok()) return usage_error(kProgram, held.error().message());
  while (!stop.wait_for(kLookEveryMs)) {
    held = table.describe(settings.hold);
    if (held.ok() && held->exit_code == kRefused && !held->comes_back) return kRefused;
  }
  return 0;
}

AgentBounds bounds_of(const AgentSettings& settings) {
  AgentBounds bounds{own_program_folder(), {}};
  if (!settings.logs.empty()) bounds.logs = std::filesystem::absolute(settings.logs);
  return bounds;
}

/// As a shell tells it: 128 and the signal for one that had to be killed.
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
  options.add_choice("log-level", log_level, kLogLevels, "least level that is logged");
  options.add("hold", hold, "hold COMMAND under this name: start it now, and again when it dies");
  options.add_rest("COMMAND", command, "program and arguments, after --");
}

int run_agent(const AgentSettings& settings, StopSignal& stop) {
  if (settings.hold.empty() != settings.command.empty()) {
    return usage_error(kProgram, "--hold NAME and -- COMMAND go together");
  }
  if (settings.token_file.empty() && settings.fallback_token.empty()) {
    return usage_error(kProgram, "give --token-file, or --fallback-token to have a token made");
  }
  const auto token = agent_token(settings.token_file, settings.fallback_token);
  if (!token.ok()) return usage_error(kProgram, token.error().message());
  ProcessTable table(/*adopts_orphans=*/true);
  int code = 0;
  {
    Agent agent(table, bounds_of(settings), settings.host, static_cast<int>(settings.port), *token,
                settings.http_hosts);
    if (auto started = agent.start(); !started.ok()) {
      return usage_error(kProgram, started.error().message());
    }
    log_info("the agent serves", {{"port", agent.port()}});
    if (settings.hold.empty()) {
      stop.wait();
    } else {
      code = hold_until_told(table, settings, stop);
    }
  }
  table.terminate_all(static_cast<int>(settings.grace_ms));
  if (code == 0 && !settings.hold.empty()) return how_it_ended(table, settings.hold);
  return code;
}

}  // namespace hailstorm::lab

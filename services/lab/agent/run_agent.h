#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/log_settings.h"
#include "common/base/options.h"
#include "common/base/result.h"
#include "common/base/run_server.h"
#include "services/registry/services.h"

namespace hailstorm::lab {

/// The options of `hail-lab agent`.
struct AgentSettings {
  std::string host = "127.0.0.1";
  int64_t port = registry::kBasePort + registry::kAgentPort;
  std::vector<std::string> http_hosts;
  std::string token_file;
  std::string fallback_token;  // a file
  std::string logs;            // a folder; empty: what is started has no log file
  int64_t grace_ms = 5'000;
  LogSettings log;
  std::string hold;                  // a name: start `command` under it at once
  std::string hold_data;             // its data folder; empty: as its option --data says
  std::vector<std::string> links;    // of `command`: NAME=HOST:PORT of each server
  std::vector<std::string> command;  // program and arguments

  void add_to(Options& options);
};

/// `hail-lab agent`: serves until a stop is requested, then ends every process that it holds. Gives
/// the exit code for main: 0, or 2 when the process that it should hold refuses to start; or why
/// the agent cannot start.
[[nodiscard]] Result<int> run_agent(const AgentSettings& settings, const Clock& clock,
                                    ServerStart& start);

}  // namespace hailstorm::lab

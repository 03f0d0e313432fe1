#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/options.h"
#include "common/base/stop_signal.h"

namespace hailstorm::lab {

/// What `hail-lab agent` is told.
struct AgentSettings {
  std::string host = "127.0.0.1";
  int64_t port = 7407;
  std::vector<std::string> http_hosts;
  std::string token_file;
  std::string fallback_token;  // a file
  std::string logs;            // a folder; empty: what is started has no log file
  int64_t grace_ms = 5'000;
  std::string log_level = "info";
  std::string hold;                  // a name: start `command` under it at once
  std::vector<std::string> command;  // program and arguments

  void add_to(Options& options);
};

/// `hail-lab agent`: serves until `stop` is requested, then ends every process that it holds. Gives
/// the exit code for main: 0, or 2 when it cannot start or what it was told to hold cannot.
[[nodiscard]] int run_agent(const AgentSettings& settings, StopSignal& stop);

}  // namespace hailstorm::lab

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/agent/process_table.h"

namespace hailstorm::lab {

/// An agent, reached over HTTP. Errors: agent_failed, with the agent's own words.
///
/// Thread safety: safe.
class AgentClient {
 public:
  AgentClient(std::string host, int port, const std::string& token);
  ~AgentClient();

  struct View {
    int64_t agent_rss_kb = 0;
    std::vector<ProcessInfo> processes;
  };

  [[nodiscard]] bool alive();
  [[nodiscard]] Result<View> list();
  [[nodiscard]] Result<ProcessInfo> start(const std::string& name, const SpawnRequest& request);
  /// `verb`: start (again), kill, freeze, thaw, terminate.
  [[nodiscard]] Result<ProcessInfo> act(const std::string& name, const std::string& verb);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::lab

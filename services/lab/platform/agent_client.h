#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/http/client.h"
#include "services/lab/agent/link_table.h"
#include "services/lab/agent/process_info.h"
#include "services/lab/agent/spawn.h"
#include "services/lab/platform/sample.h"

namespace hailstorm::lab {

/// An agent, reached over HTTP. Errors: agent_failed, with the agent's own words.
///
/// Thread safety: safe.
class AgentClient {
 public:
  AgentClient(std::string host, int port, const std::string& token);

  struct View {
    int64_t agent_rss_kb = 0;
    std::vector<ProcessInfo> processes;
    std::vector<LinkSample> links;  // of these processes, if the agent holds them
  };

  [[nodiscard]] bool alive();
  [[nodiscard]] Result<View> list();
  /// `restart`: never or always. `links`: for the placeholders in its arguments.
  [[nodiscard]] Result<ProcessInfo> start(const std::string& name, const SpawnRequest& request,
                                          RestartPolicy restart = RestartPolicy::never,
                                          const LinkServers& links = {});
  /// `verb`: start (again), kill, freeze, thaw, terminate.
  [[nodiscard]] Result<ProcessInfo> act(const std::string& name, const std::string& verb);

  /// The agent's answer, also a refusal; for what it offers besides, such as faults.
  [[nodiscard]] Result<http::Response> ask(const std::string& method, const std::string& path,
                                           std::string body);

 private:
  [[nodiscard]] Result<std::string> send(const std::string& method, const std::string& path,
                                         std::string body);
  [[nodiscard]] Result<ProcessInfo> send_for_process(const std::string& method,
                                                     const std::string& path, std::string body);

  http::Client client_;
  const std::string authorization_;
};

}  // namespace hailstorm::lab

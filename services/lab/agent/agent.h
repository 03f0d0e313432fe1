#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/http/server.h"
#include "services/lab/agent/link_table.h"
#include "services/lab/agent/process_table.h"
#include "services/lab/agent/start_request.h"
#include "services/lab/faults/fault_board.h"

namespace hailstorm::lab {

struct AgentListener {
  std::string host = "127.0.0.1";
  int port = 0;  // 0: any free one
  std::vector<std::string> hosts =
      {};  // names that the lab uses besides localhost and IP addresses
};

/// Holds processes, and starts and signals them for clients that show a bearer token:
///   PUT  /processes/NAME              starts a new one; its body: start_request.h
///   POST /processes/NAME/start|kill|freeze|thaw|terminate     (terminate: {"grace_ms":N})
///   GET  /processes, /processes/NAME  state, pid, exit_code or signal, rss_kb, restarts; the
///                                     former also has the links of all (link_table.h)
///   …    /faults                      faults of both (fault_routes.h)
///   GET  /healthz                     without a token
/// Failures are RFC 9457 problems: 401 no token, 404 no such process, 409 not in that state, 422.
///
/// Thread safety: made and stopped by one thread.
class Agent {
 public:
  /// `table`, `links` and `faults` must remain live while this agent is in use. `bounds`: of what
  /// it starts.
  Agent(ProcessTable& table, LinkTable& links, FaultBoard& faults, AgentBounds bounds,
        AgentListener listener, std::string token);

  /// Listens. Errors of the HTTP layer.
  [[nodiscard]] Status start();
  /// REQUIRES: start() succeeded.
  [[nodiscard]] int port() const;

 private:
  void add_routes();
  [[nodiscard]] http::Handler guarded(http::Handler handler) const;
  [[nodiscard]] http::Response start_process(const http::Request& request);
  [[nodiscard]] http::Response act(const http::Request& request);
  [[nodiscard]] http::Response list();

  ProcessTable& table_;
  LinkTable& links_;
  FaultBoard& faults_;
  const std::string token_;
  const AgentBounds bounds_;
  http::Server server_;
};

}  // namespace hailstorm::lab

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/agent/start_request.h"

namespace hailstorm::lab {

/// The hand that holds processes, reached over HTTP with a bearer token:
///   PUT  /processes/NAME {"argv":[…],"log":FILE,"restart":"never"|"always"}   starts a new one
///                                                             (start_request.h)
///   POST /processes/NAME/start|kill|freeze|thaw|terminate                     (terminate:
///                                                                             {"grace_ms":N})
///   GET  /processes, /processes/NAME      state, pid, exit_code or signal, rss_kb, restarts
///   GET  /healthz                         without a token
/// Failures are RFC 9457 problems: 401 no token, 404 no such process, 409 not in that state, 422.
///
/// Thread safety: made and stopped by one thread.
class Agent {
 public:
  /// `table` must remain live while this agent is in use. `bounds`: of what it starts. `port` 0:
  /// any free one. `hosts`: names besides localhost and IP addresses under which the lab reaches
  /// it.
  Agent(ProcessTable& table, AgentBounds bounds, std::string host, int port, std::string token,
        std::vector<std::string> hosts = {});
  ~Agent();

  /// Listens. Errors of the HTTP layer.
  [[nodiscard]] Status start();
  /// REQUIRES: start() succeeded.
  [[nodiscard]] int port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::lab

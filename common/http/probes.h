#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/http/server.h"

namespace hailstorm::http {

/// What GET /readyz says of a process.
struct ReadyState {
  std::vector<std::string> reasons;  // why it cannot do its work, all of them; empty: it can
  std::string warning;               // what is worth a look though it can; empty: nothing
};

/// Adds GET /healthz, which answers 200 and {"alive":true} as long as the process takes
/// connections.
void add_liveness(Server& server);

/// Adds GET /readyz, which answers 200 and {"ready":true}, with a member "warning" where there is
/// one, or the problem 503 with every reason and the warning in its detail, joined by "; ".
/// `state` is called on the server's probe thread.
void add_readiness(Server& server, std::function<ReadyState()> state);

/// Adds GET /metrics, which answers 200 and what `render` gives, in Prometheus' text format.
/// `render` is called on the server's probe thread.
void add_metrics(Server& server, std::function<std::string()> render);

}  // namespace hailstorm::http

#pragma once

#include "broker/api/health.h"
#include "common/base/metrics.h"

namespace hailstorm::http {
class Server;
}

namespace hailstorm::broker {

/// Adds /healthz, /readyz and /metrics. `health` and `metrics` must remain live while `server`
/// runs.
void route_probes(http::Server& server, const Health& health, const Metrics& metrics);

}  // namespace hailstorm::broker

#include "broker/server/probes.h"

#include "common/http/probes.h"

namespace hailstorm::broker {

void route_probes(http::Server& server, const Health& health, const Metrics& metrics) {
  http::add_liveness(server);
  http::add_readiness(server, [&health] {
    const auto reason = health.not_ready_reason();
    return reason ? http::ReadyState{{*reason}, ""} : http::ReadyState{};
  });
  http::add_metrics(server, [&metrics] { return metrics.render(); });
}

}  // namespace hailstorm::broker

#include "broker/server/probes.h"

#include "common/http/server.h"
#include "common/json/json.h"

namespace hailstorm::broker {

void route_probes(http::Server& server, const Health& health, const Metrics& metrics) {
  server.route_at_once("/healthz", [](const http::Request&) {
    return http::Response{200, R"({"status":"alive"})", "application/json", {}};
  });
  server.route_probe("/readyz", [&health](const http::Request&) {
    const auto reason = health.not_ready_reason();
    if (!reason) return http::Response{200, R"({"status":"ready"})", "application/json", {}};
    const json::Value body = {{"reason", *reason}, {"status", "not ready"}};
    return http::Response{503, json::to_text(body), "application/json", {}};
  });
  server.route_probe("/metrics", [&metrics](const http::Request&) {
    return http::Response{200, metrics.render(), "text/plain; version=0.0.4", {}};
  });
}

}  // namespace hailstorm::broker

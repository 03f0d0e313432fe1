#include "common/http/probes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "common/json/json.h"

namespace hailstorm::http {
namespace {

constexpr const char* kPrometheusText = "text/plain; version=0.0.4";

Response line_of_json(const json::Value& object) {
  return {200, json::to_sorted_text(object) + "\n", "application/json", {}};
}

Response to_answer(ReadyState state) {
  if (!state.reasons.empty()) {
    if (!state.warning.empty()) state.reasons.push_back(std::move(state.warning));
    return problem(503, fmt::format("{}", fmt::join(state.reasons, "; ")));
  }
  json::Value answer = {{"ready", true}};
  if (!state.warning.empty()) answer.add("warning", state.warning);
  return line_of_json(answer);
}

}  // namespace

void add_liveness(Server& server) {
  server.route_at_once("/healthz", [](const Request&) { return line_of_json({{"alive", true}}); });
}

void add_readiness(Server& server, std::function<ReadyState()> state) {
  server.route_probe("/readyz",
                     [state = std::move(state)](const Request&) { return to_answer(state()); });
}

void add_metrics(Server& server, std::function<std::string()> render) {
  server.route_probe("/metrics", [render = std::move(render)](const Request&) {
    return Response{200, render(), kPrometheusText, {}};
  });
}

}  // namespace hailstorm::http

#include "common/service/probes.h"

#include "common/json/json.h"

namespace hailstorm::service {
namespace {

http::Response json_response(const json::Value& object) {
  return http::Response{200, json::to_sorted_text(object) + "\n", "application/json", {}};
}

/// Why the service cannot do its work; empty when it can.
std::string obstacle(const Vitals& vitals, bool needs_the_log) {
  if (!vitals.store_writable) return "the last transaction could not be committed";
  if (const auto missing = vitals.missing_topics(); !missing.empty())
    return "topic '" + missing.front() +
           "' does not exist any more; make it again (restarting the service makes all its topics)";
  if (needs_the_log && !vitals.in_group)
    return "no partition of the log is assigned to this instance";
  return "";
}

}  // namespace

void add_probes(http::Server& server, const std::string& name, const Vitals& vitals,
                Metrics& metrics, std::function<Result<int64_t>()> count_outbox_rows,
                bool needs_the_log) {
  auto& lag = metrics.gauge("hailstorm_lag_records", "Records between this instance and the end.");
  auto& outbox = metrics.gauge("hailstorm_outbox_rows", "Rows that the log does not have yet.");
  server.route("GET", "/healthz", [](const http::Request&) {
    return json_response({{"alive", true}});
  });
  server.route("GET", "/readyz", [&vitals, needs_the_log](const http::Request&) {
    const auto why = obstacle(vitals, needs_the_log);
    return why.empty() ? json_response({{"ready", true}}) : http::problem(503, why);
  });
  server.route("GET", "/metrics", [=, &metrics, &lag, &outbox, &vitals](const http::Request&) {
    lag.set(static_cast<double>(vitals.lag));
    if (const auto rows = count_outbox_rows(); rows) outbox.set(static_cast<double>(*rows));
    return http::Response{200, metrics.render(), "text/plain; version=0.0.4", {}};
  });
  server.route("GET", "/status", [=, &vitals](const http::Request&) {
    const auto rows = count_outbox_rows();
    if (!rows) return http::problem(503, rows.error().message());
    return json_response({{"service", name},
                          {"ready", obstacle(vitals, needs_the_log).empty()},
                          {"lag", vitals.lag.load()},
                          {"outbox", *rows},
                          {"events", vitals.events.load()},
                          {"dead_letters", vitals.dead_letters.load()}});
  });
}

}  // namespace hailstorm::service

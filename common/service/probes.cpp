#include "common/service/probes.h"

#include <fmt/format.h>
#include <utility>

#include "common/base/text.h"
#include "common/base/time_text.h"
#include "common/http/probes.h"
#include "common/json/json.h"

namespace hailstorm::service {
namespace {

http::Response json_response(const json::Value& object) {
  return http::Response{200, json::to_sorted_text(object) + "\n", "application/json", {}};
}

json::Value to_json(const std::vector<log::ClosedPartition>& all) {
  json::Value out = json::Value::array();
  for (const log::ClosedPartition& closed : all) {
    out.push_back(
        {{"topic", closed.id.topic}, {"partition", closed.id.partition}, {"error", closed.why}});
  }
  return out;
}

json::Value to_json(const std::vector<SetAsideRow>& rows) {
  json::Value out = json::Value::array();
  for (const SetAsideRow& row : rows) {
    out.push_back({{"id", row.id},
                   {"topic", row.topic},
                   {"partition", row.partition},
                   {"key", printable(row.key)},
                   {"error", row.error},
                   {"at", time_text(row.set_aside_at_ms)}});
  }
  return out;
}

std::string waiting_text(const std::vector<log::ClosedPartition>& held) {
  if (held.empty()) return "";
  const auto& [id, why] = held.front();
  const std::string partition = id.partition < 0 ? "" : fmt::format("-{}", id.partition);
  return fmt::format("events of this service for {}{} wait in its outbox: {}", id.topic, partition,
                     why);
}

std::vector<std::string> why_not_ready(const Health& health, const OutboxProbe& outbox,
                                       bool needs_the_log) {
  std::vector<std::string> reasons = service::why_not_ready(health, needs_the_log);
  const std::string waiting = needs_the_log ? waiting_text(outbox.held()) : "";
  if (!waiting.empty()) reasons.push_back(waiting);
  return reasons;
}

/// A service that set events aside goes on with all others, so it is ready, and says so.
http::ReadyState ready_state(std::vector<std::string> reasons, const OutboxProbe& outbox) {
  const auto rows = outbox.read_set_aside();
  return {std::move(reasons), rows ? set_aside_text(*rows) : ""};
}

}  // namespace

void add_probes(http::Server& server, const std::string& name, const Health& health,
                Metrics& metrics, OutboxProbe outbox, bool needs_the_log) {
  auto& lag = metrics.gauge("hailstorm_lag_records", "Records between this instance and the end.");
  auto& closed = metrics.gauge("hailstorm_closed_partitions",
                               "Partitions of this instance that the broker has closed.");
  auto& rows = metrics.gauge("hailstorm_outbox_rows", "Rows that the log does not have yet.");
  auto& aside = metrics.gauge("hailstorm_outbox_set_aside_rows",
                              "Rows that the log refused for good and that are kept apart.");
  const auto why_not = [=, &health] { return why_not_ready(health, outbox, needs_the_log); };
  http::add_liveness(server);
  http::add_readiness(server, [=] { return ready_state(why_not(), outbox); });
  http::add_metrics(server, [=, &metrics, &lag, &rows, &aside, &closed, &health] {
    lag.set(static_cast<double>(health.lag));
    closed.set(static_cast<double>(health.log_trouble.closed().size()));
    if (const auto count = outbox.count_rows(); count) rows.set(static_cast<double>(*count));
    if (const auto all = outbox.read_set_aside(); all) aside.set(static_cast<double>(all->count));
    return metrics.render();
  });
  server.route_probe("/status", [=, &health](const http::Request&) {
    const auto count = outbox.count_rows();
    if (!count) return http::problem(503, count.error().message());
    const auto all = outbox.read_set_aside();
    if (!all) return http::problem(503, all.error().message());
    const auto reasons = why_not();
    return json_response({{"service", name},
                          {"ready", reasons.empty()},
                          {"reasons", reasons},
                          {"lag", health.lag.load()},
                          {"outbox", *count},
                          {"events", health.events.load()},
                          {"dead_letters", health.dead_letters.load()},
                          {"closed_partitions", to_json(health.log_trouble.closed())},
                          {"held_partitions", to_json(outbox.held())},
                          {"set_aside", all->count},
                          {"set_aside_rows", to_json(all->first)}});
  });
}

}  // namespace hailstorm::service

#include "common/service/probes.h"

#include <fmt/format.h>
#include <set>
#include <utility>

#include "common/json/json.h"

namespace hailstorm::service {
namespace {

http::Response json_response(const json::Value& object) {
  return http::Response{200, json::to_sorted_text(object) + "\n", "application/json", {}};
}

std::string text_of(const log::ClosedPartition& closed) {
  return fmt::format("partition {}-{} is closed: {}", closed.id.topic, closed.id.partition,
                     closed.why);
}

json::Value to_json(const std::vector<log::ClosedPartition>& all) {
  json::Value out = json::Value::array();
  for (const log::ClosedPartition& closed : all) {
    out.push_back(
        {{"topic", closed.id.topic}, {"partition", closed.id.partition}, {"error", closed.why}});
  }
  return out;
}

std::string text_of(const std::vector<std::string>& reasons) {
  return fmt::format("{}", fmt::join(reasons, "; "));
}

}  // namespace

std::vector<std::string> why_not_ready(const Vitals& vitals, bool needs_the_log) {
  std::vector<std::string> reasons = vitals.readiness.reasons();
  for (const std::string& topic : vitals.log_trouble.missing_topics())
    reasons.push_back("topic '" + topic + "' does not exist; it is made again");
  if (!needs_the_log) return reasons;
  if (!vitals.in_group) {
    const std::string error = vitals.log_trouble.error();
    reasons.push_back("no partition of the log is assigned to this instance" +
                      (error.empty() ? "" : ": " + error));
  }
  for (const auto& closed : vitals.log_trouble.closed()) reasons.push_back(text_of(closed));
  return reasons;
}

void LogTrouble::set_error(std::string error) {
  const std::lock_guard lock(mutex_);
  error_ = std::move(error);
}

void LogTrouble::set_closed(std::vector<log::ClosedPartition> closed) {
  const std::lock_guard lock(mutex_);
  closed_ = std::move(closed);
}

void LogTrouble::set_deleted_topics(std::vector<std::string> topics) {
  const std::lock_guard lock(mutex_);
  deleted_topics_ = std::move(topics);
}

void LogTrouble::set_missing_topics(std::vector<std::string> topics) {
  const std::lock_guard lock(mutex_);
  missing_topics_ = std::move(topics);
}

std::string LogTrouble::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

std::vector<log::ClosedPartition> LogTrouble::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

std::vector<std::string> LogTrouble::missing_topics() const {
  const std::lock_guard lock(mutex_);
  std::set<std::string> all(missing_topics_.begin(), missing_topics_.end());
  all.insert(deleted_topics_.begin(), deleted_topics_.end());
  return {all.begin(), all.end()};
}

void add_probes(http::Server& server, const std::string& name, const Vitals& vitals,
                Metrics& metrics, std::function<Result<int64_t>()> count_outbox_rows,
                bool needs_the_log) {
  auto& lag = metrics.gauge("hailstorm_lag_records", "Records between this instance and the end.");
  auto& closed = metrics.gauge("hailstorm_closed_partitions",
                               "Partitions of this instance that the broker has closed.");
  auto& outbox = metrics.gauge("hailstorm_outbox_rows", "Rows that the log does not have yet.");
  server.route("GET", "/healthz", [](const http::Request&) {
    return json_response({{"alive", true}});
  });
  server.route("GET", "/readyz", [&vitals, needs_the_log](const http::Request&) {
    const auto reasons = why_not_ready(vitals, needs_the_log);
    return reasons.empty() ? json_response({{"ready", true}})
                           : http::problem(503, text_of(reasons));
  });
  server.route("GET", "/metrics",
               [=, &metrics, &lag, &outbox, &closed, &vitals](const http::Request&) {
                 lag.set(static_cast<double>(vitals.lag));
                 closed.set(static_cast<double>(vitals.log_trouble.closed().size()));
                 if (const auto rows = count_outbox_rows(); rows)
                   outbox.set(static_cast<double>(*rows));
                 return http::Response{200, metrics.render(), "text/plain; version=0.0.4", {}};
               });
  server.route("GET", "/status", [=, &vitals](const http::Request&) {
    const auto rows = count_outbox_rows();
    if (!rows) return http::problem(503, rows.error().message());
    const auto reasons = why_not_ready(vitals, needs_the_log);
    return json_response({{"service", name},
                          {"ready", reasons.empty()},
                          {"reasons", reasons},
                          {"lag", vitals.lag.load()},
                          {"outbox", *rows},
                          {"events", vitals.events.load()},
                          {"dead_letters", vitals.dead_letters.load()},
                          {"closed_partitions", to_json(vitals.log_trouble.closed())}});
  });
}

}  // namespace hailstorm::service

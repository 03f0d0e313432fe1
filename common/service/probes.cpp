#include "common/service/probes.h"

#include <fmt/format.h>
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

/// Why the service cannot do its work; empty when it can.
std::string obstacle(const Vitals& vitals, bool needs_the_log) {
  if (!vitals.store_writable) return "the last transaction could not be committed";
  if (auto trouble = vitals.store_trouble.get(); !trouble.empty()) return trouble;
  if (const auto missing = vitals.log_trouble.missing_topics(); !missing.empty())
    return "topic '" + missing.front() +
           "' does not exist any more; make it again (restarting the service makes all its topics)";
  if (!needs_the_log) return "";
  if (!vitals.in_group) {
    const std::string error = vitals.log_trouble.error();
    return "no partition of the log is assigned to this instance" +
           (error.empty() ? "" : ": " + error);
  }
  const auto closed = vitals.log_trouble.closed();
  return closed.empty() ? "" : text_of(closed.front());
}

}  // namespace

void LogTrouble::set_error(std::string error) {
  const std::lock_guard lock(mutex_);
  error_ = std::move(error);
}

void LogTrouble::set_closed(std::vector<log::ClosedPartition> closed) {
  const std::lock_guard lock(mutex_);
  closed_ = std::move(closed);
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
  return missing_topics_;
}

void SharedText::set(std::string text) {
  const std::lock_guard lock(mutex_);
  text_ = std::move(text);
}

std::string SharedText::get() const {
  const std::lock_guard lock(mutex_);
  return text_;
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
    const auto why = obstacle(vitals, needs_the_log);
    return why.empty() ? json_response({{"ready", true}}) : http::problem(503, why);
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
    return json_response({{"service", name},
                          {"ready", obstacle(vitals, needs_the_log).empty()},
                          {"lag", vitals.lag.load()},
                          {"outbox", *rows},
                          {"events", vitals.events.load()},
                          {"dead_letters", vitals.dead_letters.load()},
                          {"closed_partitions", to_json(vitals.log_trouble.closed())}});
  });
}

}  // namespace hailstorm::service

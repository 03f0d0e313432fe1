#include "common/service/probes.h"

#include <fmt/format.h>
#include <utility>

#include "common/base/text.h"
#include "common/events/events.h"
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

json::Value to_json(const std::vector<SetAsideRow>& rows) {
  json::Value out = json::Value::array();
  for (const SetAsideRow& row : rows) {
    out.push_back({{"id", row.id},
                   {"topic", row.topic},
                   {"partition", row.partition},
                   {"key", printable(row.key)},
                   {"error", row.error},
                   {"at", events::format_time(row.set_aside_at_ms)}});
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

/// Why the service cannot do its work; empty when it can.
std::string obstacle(const Vitals& vitals, const OutboxProbe& outbox, bool needs_the_log) {
  if (!vitals.store_writable) return "the last transaction could not be committed";
  if (const auto missing = vitals.log_trouble.missing_topics(); !missing.empty())
    return "topic '" + missing.front() +
           "' does not exist any more; make it again (restarting the service makes all its topics)";
  if (!needs_the_log) return "";
  if (!vitals.in_group) {
    const std::string error = vitals.log_trouble.error();
    return "no partition of the log is assigned to this instance" +
           (error.empty() ? "" : ": " + error);
  }
  if (const auto closed = vitals.log_trouble.closed(); !closed.empty())
    return text_of(closed.front());
  return waiting_text(outbox.held());
}

/// A service that set events aside goes on with all others, so it is ready, and says so.
http::Response ready_answer(const std::string& why_not, const OutboxProbe& outbox) {
  const auto rows = outbox.read_set_aside();
  const std::string aside = rows ? set_aside_text(*rows) : "";
  if (!why_not.empty()) return http::problem(503, why_not + (aside.empty() ? "" : "; " + aside));
  json::Value answer = {{"ready", true}};
  if (!aside.empty()) answer.add("warning", aside);
  return json_response(answer);
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

void add_probes(http::Server& server, const std::string& name, const Vitals& vitals,
                Metrics& metrics, OutboxProbe outbox, bool needs_the_log) {
  auto& lag = metrics.gauge("hailstorm_lag_records", "Records between this instance and the end.");
  auto& closed = metrics.gauge("hailstorm_closed_partitions",
                               "Partitions of this instance that the broker has closed.");
  auto& rows = metrics.gauge("hailstorm_outbox_rows", "Rows that the log does not have yet.");
  auto& aside = metrics.gauge("hailstorm_outbox_set_aside_rows",
                              "Rows that the log refused for good and that are kept apart.");
  const auto why_not = [=, &vitals] { return obstacle(vitals, outbox, needs_the_log); };
  server.route("GET", "/healthz", [](const http::Request&) {
    return json_response({{"alive", true}});
  });
  server.route("GET", "/readyz",
               [=](const http::Request&) { return ready_answer(why_not(), outbox); });
  server.route("GET", "/metrics",
               [=, &metrics, &lag, &rows, &aside, &closed, &vitals](const http::Request&) {
                 lag.set(static_cast<double>(vitals.lag));
                 closed.set(static_cast<double>(vitals.log_trouble.closed().size()));
                 if (const auto count = outbox.count_rows(); count)
                   rows.set(static_cast<double>(*count));
                 if (const auto all = outbox.read_set_aside(); all)
                   aside.set(static_cast<double>(all->count));
                 return http::Response{200, metrics.render(), "text/plain; version=0.0.4", {}};
               });
  server.route("GET", "/status", [=, &vitals](const http::Request&) {
    const auto count = outbox.count_rows();
    if (!count) return http::problem(503, count.error().message());
    const auto all = outbox.read_set_aside();
    if (!all) return http::problem(503, all.error().message());
    return json_response({{"service", name},
                          {"ready", why_not().empty()},
                          {"lag", vitals.lag.load()},
                          {"outbox", *count},
                          {"events", vitals.events.load()},
                          {"dead_letters", vitals.dead_letters.load()},
                          {"closed_partitions", to_json(vitals.log_trouble.closed())},
                          {"held_partitions", to_json(outbox.held())},
                          {"set_aside", all->count},
                          {"set_aside_rows", to_json(all->first)}});
  });
}

}  // namespace hailstorm::service

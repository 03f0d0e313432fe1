#include "broker/api/broker_metrics.h"

#include "common/base/logging.h"

namespace hailstorm::broker {

BrokerMetrics::BrokerMetrics(Metrics& metrics)
    : produced_bytes(metrics.counter("hailstorm_broker_produced_bytes_total",
                                     "Bytes of record batches that were appended")),
      fetched_bytes(metrics.counter("hailstorm_broker_fetched_bytes_total",
                                    "Bytes of record batches that were sent to readers")),
      waiting_acks(metrics.gauge("hailstorm_broker_waiting_acks",
                                 "Answers that wait until their batch is durable")),
      parked_fetches(
          metrics.gauge("hailstorm_broker_parked_fetches", "Long polls that wait for new records")),
      topics(metrics.gauge("hailstorm_broker_topics", "Topics, internal ones too")),
      partitions(metrics.gauge("hailstorm_broker_partitions", "Partitions of all topics")),
      failed_partitions(metrics.gauge("hailstorm_broker_failed_partitions",
                                      "Partitions that take no writes after a failure")),
      log_bytes(metrics.gauge("hailstorm_broker_log_bytes", "Size of all logs")),
      groups(metrics.gauge("hailstorm_broker_groups", "Consumer groups")),
      connections(metrics.gauge("hailstorm_broker_connections", "Connections of peers")),
      half_received_bytes(metrics.gauge("hailstorm_broker_half_received_bytes",
                                        "Bytes of messages that are being received")),
      unread_bytes(metrics.gauge("hailstorm_broker_unread_bytes",
                                 "Bytes of answers that peers have not taken yet")),
      sync_seconds(metrics.histogram(
          "hailstorm_broker_sync_seconds", "Time that one fdatasync took",
          {0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5})),
      compactions(metrics.counter("hailstorm_broker_compactions_total",
                                  "Rounds of compaction of a partition that were finished")),
      failed_compactions(metrics.counter("hailstorm_broker_failed_compactions_total",
                                         "Rounds of compaction that failed")),
      compaction_read_bytes(metrics.counter("hailstorm_broker_compaction_read_bytes_total",
                                            "Bytes of segments that compaction has read")),
      compaction_written_bytes(metrics.counter("hailstorm_broker_compaction_written_bytes_total",
                                               "Bytes of segments that compaction has written")),
      uncompacted_bytes(metrics.gauge(
          "hailstorm_broker_uncompacted_bytes",
          "Bytes of compacted topics that no compaction has seen, but for growing segments")),
      metrics_(metrics) {}

void BrokerMetrics::requested(wire::Api api) {
  std::atomic<Counter*>& known = requests_[static_cast<uint8_t>(api)];
  Counter* counter = known.load(std::memory_order_relaxed);
  if (counter == nullptr) {
    counter = &metrics_.counter("hailstorm_broker_requests_total", "Requests by api",
                                {{"api", std::string(name_of(api))}});
    known.store(counter, std::memory_order_relaxed);
  }
  counter->add();
}

Counter& BrokerMetrics::drops(const char* reason) {
  return metrics_.counter("hailstorm_broker_dropped_total",
                          "Requests, replies and connections that were dropped, by reason",
                          {{"reason", reason}});
}

void BrokerMetrics::dropped(const char* reason) { drops(reason).add(); }

void BrokerMetrics::dropped(const char* reason, std::string_view why) {
  Counter& count = drops(reason);
  count.add();
  log_warn("dropped",
           {distinct_by({"reason", reason}), {"because", why}, {"so_far", count.value()}});
}

void BrokerMetrics::refused_peers(const char* reason, uint64_t count, std::string_view why) {
  if (count == 0) return;
  Counter& all = metrics_.counter("hailstorm_broker_refused_peers_total",
                                  "Connections that were ended before any request, by reason",
                                  {{"reason", reason}});
  all.add(count);
  log_warn("refused connections", {distinct_by({"reason", reason}),
                                   {"count", count},
                                   {"so_far", all.value()},
                                   {"because", why}});
}

void BrokerMetrics::set_group_lags(const Metrics::Samples& lags) {
  metrics_.set_gauges("hailstorm_broker_group_lag_records",
                      "Records that a group has not committed yet", lags);
}

}  // namespace hailstorm::broker

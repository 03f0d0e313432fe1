#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/metrics.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

/// The broker's own numbers, by name.
///
/// Thread safety: safe. `metrics` must remain live while this is in use.
class BrokerMetrics {
 public:
  explicit BrokerMetrics(Metrics& metrics);

  void requested(wire::Api api);
  /// A request, reply or connection that went nowhere: malformed, no_credit, unreachable, …
  void dropped(const char* reason);
  /// The same, of a peer that broke a rule or a limit: the log says why, once a
  /// second for each reason.
  void dropped(const char* reason, std::string_view why);
  /// Connections that were ended because of what the peer sent first, since the last call; writes
  /// one line when there are some.
  void refused_peers(const char* reason, uint64_t count, std::string_view why);
  /// All there are, by group and topic: the series of a group or topic that went away go with it.
  void set_group_lags(const Metrics::Samples& lags);

  Counter& produced_bytes;
  Counter& fetched_bytes;
  Gauge& waiting_acks;
  Gauge& parked_fetches;
  Gauge& topics;
  Gauge& partitions;
  Gauge& failed_partitions;
  Gauge& log_bytes;
  Gauge& groups;
  Gauge& connections;
  Gauge& half_received_bytes;
  Gauge& unread_bytes;
  Histogram& sync_seconds;
  Counter& compactions;
  Counter& failed_compactions;
  Counter& compaction_read_bytes;
  Counter& compaction_written_bytes;
  Gauge& uncompacted_bytes;

 private:
  Counter& drops(const char* reason);

  Metrics& metrics_;
  std::array<std::atomic<Counter*>, 256> requests_{};  // by api; made when one comes
};

}  // namespace hailstorm::broker

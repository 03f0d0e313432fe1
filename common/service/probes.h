#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/metrics.h"
#include "common/base/result.h"
#include "common/http/server.h"
#include "common/log/log.h"
#include "common/service/set_aside.h"

namespace hailstorm::service {

/// Why a service cannot read from the log, or not from all of it.
///
/// Thread safety: safe.
class LogTrouble {
 public:
  /// Of the last poll; empty: it succeeded.
  void set_error(std::string error);
  void set_closed(std::vector<log::ClosedPartition> closed);
  /// The topics that the service reads and that do not exist, by name.
  void set_missing_topics(std::vector<std::string> topics);
  [[nodiscard]] std::string error() const;
  [[nodiscard]] std::vector<log::ClosedPartition> closed() const;
  [[nodiscard]] std::vector<std::string> missing_topics() const;

 private:
  mutable std::mutex mutex_;
  std::string error_;
  std::vector<log::ClosedPartition> closed_;
  std::vector<std::string> missing_topics_;
};

/// What a running service knows about its own state.
///
/// Thread safety: safe.
class Vitals {
 public:
  std::atomic<bool> store_writable{true};
  std::atomic<bool> in_group{false};
  std::atomic<int64_t> lag{0};
  std::atomic<int64_t> events{0};
  std::atomic<int64_t> dead_letters{0};
  LogTrouble log_trouble;
};

/// What the probes ask about the outbox.
struct OutboxProbe {
  std::function<Result<int64_t>()> count_rows;
  std::function<Result<SetAside>()> read_set_aside = [] { return Result<SetAside>(SetAside{}); };
  /// The partitions whose rows wait, and why.
  std::function<std::vector<log::ClosedPartition>()> held = [] {
    return std::vector<log::ClosedPartition>();
  };
};

/// The routes /healthz, /readyz, /metrics and /status of the service `name`. Everything referred to
/// must remain live while the server runs.
void add_probes(http::Server& server, const std::string& name, const Vitals& vitals,
                Metrics& metrics, OutboxProbe outbox, bool needs_the_log);

}  // namespace hailstorm::service

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
#include "common/service/readiness.h"
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
  /// The topics that do not exist, by name: as the group says of those that are read, and as the
  /// broker says of all that the service needs.
  void set_missing_topics(std::vector<std::string> topics);
  void set_deleted_topics(std::vector<std::string> topics);
  [[nodiscard]] std::string error() const;
  [[nodiscard]] std::vector<log::ClosedPartition> closed() const;
  /// By either account.
  [[nodiscard]] std::vector<std::string> missing_topics() const;

 private:
  mutable std::mutex mutex_;
  std::string error_;
  std::vector<log::ClosedPartition> closed_;
  std::vector<std::string> missing_topics_;
  std::vector<std::string> deleted_topics_;
};

/// A text that one thread sets and others read.
///
/// Thread safety: safe.
class SharedText {
 public:
  void set(std::string text);
  [[nodiscard]] std::string get() const;

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// What a running service knows about its own state.
///
/// Thread safety: safe.
class Health {
 public:
  Readiness readiness;
  std::atomic<bool> in_group{false};
  std::atomic<int64_t> lag{0};
  std::atomic<int64_t> events{0};
  std::atomic<int64_t> dead_letters{0};
  LogTrouble log_trouble;
  SharedText store_trouble;  // why the store is not level with the log; empty: it is
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

/// Every reason why the service cannot do its work; empty when it can. `needs_the_log`: it also
/// needs its partitions of the log.
[[nodiscard]] std::vector<std::string> why_not_ready(const Health& health, bool needs_the_log);

/// The routes /healthz, /readyz, /metrics and /status of the service `name`. Everything referred to
/// must remain live while the server runs.
void add_probes(http::Server& server, const std::string& name, const Health& health,
                Metrics& metrics, OutboxProbe outbox, bool needs_the_log);

}  // namespace hailstorm::service

#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "common/service/readiness.h"

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
};

/// Every reason why the service cannot do its work; empty when it can. `needs_the_log`: it also
/// needs its partitions of the log.
[[nodiscard]] std::vector<std::string> why_not_ready(const Health& health, bool needs_the_log);

}  // namespace hailstorm::service

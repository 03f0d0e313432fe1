#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "common/base/metrics.h"
#include "common/base/result.h"
#include "common/http/server.h"

namespace hailstorm::service {

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

  /// The topics that the service reads and that do not exist, by name.
  void set_missing_topics(std::vector<std::string> topics) {
    const std::lock_guard lock(mutex_);
    missing_topics_ = std::move(topics);
  }
  [[nodiscard]] std::vector<std::string> missing_topics() const {
    const std::lock_guard lock(mutex_);
    return missing_topics_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> missing_topics_;
};

/// The routes /healthz, /readyz, /metrics and /status of the service `name`. Everything referred to
/// must remain live while the server runs.
void add_probes(http::Server& server, const std::string& name, const Vitals& vitals,
                Metrics& metrics, std::function<Result<int64_t>()> count_outbox_rows,
                bool needs_the_log);

}  // namespace hailstorm::service

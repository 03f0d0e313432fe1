#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "common/base/metrics.h"
#include "common/base/result.h"
#include "common/http/server.h"

namespace hailstorm::service {

/// What a running service knows about its own state.
///
/// Thread safety: safe.
struct Vitals {
  std::atomic<bool> store_writable{true};
  std::atomic<bool> in_group{false};
  std::atomic<int64_t> lag{0};
  std::atomic<int64_t> events{0};
  std::atomic<int64_t> dead_letters{0};
};

/// The routes /healthz, /readyz, /metrics and /status of the service `name`. Everything referred to
/// must remain live while the server runs.
void add_probes(http::Server& server, const std::string& name, const Vitals& vitals,
                Metrics& metrics, std::function<Result<int64_t>()> count_outbox_rows,
                bool needs_the_log);

}  // namespace hailstorm::service

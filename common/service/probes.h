#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/base/metrics.h"
#include "common/base/result.h"
#include "common/http/server.h"
#include "common/log/log.h"
#include "common/service/health.h"
#include "common/service/set_aside.h"

namespace hailstorm::service {

/// What the probes read of the outbox.
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
void add_probes(http::Server& server, const std::string& name, const Health& health,
                Metrics& metrics, OutboxProbe outbox, bool needs_the_log);

}  // namespace hailstorm::service

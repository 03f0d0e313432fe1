#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/log/log.h"
#include "common/service/reactor.h"
#include "common/service/store_review.h"
#include "common/service/writer.h"

namespace hailstorm::service {

/// What the recall of a service's own records needs.
struct Recall {
  log::Engine& engine;
  const std::string& service;
  Reactor& reactor;
  Writer& writer;
  const Clock& clock;
  const std::function<bool()>& is_stopping;  // true cuts it short
};

/// Reads the records of these partitions from `next` to the end that the log has now, shows those
/// that the service itself wrote to the reactor, and keeps the positions. Gives how many of them
/// the store did not know. A partition that cannot be read is left where it is, with a warning.
/// Errors of the log and of the store: what was read counts, and the rest is read by another call.
[[nodiscard]] Result<int64_t> recall_own_records(const Recall& recall,
                                                 const std::vector<ReviewedPartition>& partitions);

}  // namespace hailstorm::service

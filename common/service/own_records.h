#pragma once

#include <cstdint>
#include <vector>

#include "common/base/result.h"
#include "common/base/stop_signal.h"
#include "common/log/log.h"
#include "common/service/reactor.h"
#include "common/service/store_review.h"
#include "common/service/writer.h"

namespace hailstorm::service {

/// Reads the records of these partitions from `next` to the end that the log has now, shows those
/// that the service itself wrote to the reactor, and keeps the positions. Gives how many of them
/// the store did not know. A partition that cannot be read is left where it is, with a warning.
/// Errors of the log and of the store: what was read counts, and the rest is read by another call.
[[nodiscard]] Result<int64_t> recall_own_records(log::Engine& engine, const std::string& service,
                                                 const std::vector<ReviewedPartition>& partitions,
                                                 Reactor& reactor, Writer& writer,
                                                 StopSignal& stop);

}  // namespace hailstorm::service

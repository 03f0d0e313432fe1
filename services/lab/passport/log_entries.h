#pragma once

#include <cstdint>

#include "common/base/result.h"
#include "common/log/log.h"
#include "services/lab/passport/entries.h"

namespace hailstorm::lab {

/// Adds the ride's records of the log: its events, dead letters and replays, and whatever the
/// first event says of its trace. Reads, of each topic, the one partition that the rider's key
/// leads to, from `since_ms` on, up to kMostRecordsLookedAt records. A note says where there were
/// more. REQUIRES: the rider is known. Errors of the log.
[[nodiscard]] Status add_log_entries(log::Engine& engine, int64_t since_ms, Passport& passport);

}  // namespace hailstorm::lab

#pragma once

#include "broker/storage/log.h"
#include "broker/storage/topic_settings_json.h"
#include "common/base/clock.h"

namespace hailstorm::verify {

/// Reads one partition of `__consumer_offsets` as the broker's coordinator does at its start; gives
/// how many groups are in it. Error: what the coordinator cannot read, whereupon the broker refuses
/// every request about groups.
[[nodiscard]] Result<size_t> count_groups(storage::Log& log, const storage::StoreSettings& settings,
                                          const Clock& clock);

}  // namespace hailstorm::verify

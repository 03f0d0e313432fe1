#pragma once

#include <string>

#include "broker/storage/file_system.h"
#include "broker/storage/topic_settings_json.h"
#include "broker/verify/report.h"
#include "common/base/clock.h"

namespace hailstorm::verify {

/// What is in the partition's folder `path` and what the broker's next start does with it: its own
/// recovery is rehearsed, and beyond that every byte is read. Changes nothing. `settings` are those
/// of the store; a topic that they do not name is opened with a topic's usual settings.
[[nodiscard]] PartitionReport check_partition(storage::FileSystem& files, const Clock& clock,
                                              const std::string& path,
                                              const storage::StoreSettings& settings);

}  // namespace hailstorm::verify

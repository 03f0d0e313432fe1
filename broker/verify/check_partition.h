#pragma once

#include <string>

#include "broker/storage/file_system.h"
#include "broker/storage/topic_settings_json.h"
#include "broker/verify/report.h"
#include "common/base/clock.h"

namespace hailstorm::verify {

/// What is in the partition's folder `path`, and what the broker's next start will do with it. The
/// broker's own recovery runs on a DryRunFileSystem, and every byte is read besides. Changes
/// nothing. `settings` are those of topics.json; a topic that they do not name gets the default
/// settings.
[[nodiscard]] PartitionReport check_partition(storage::FileSystem& files, const Clock& clock,
                                              const std::string& path,
                                              const storage::StoreSettings& settings);

}  // namespace hailstorm::verify

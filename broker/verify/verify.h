#pragma once

#include <functional>
#include <string>

#include "broker/storage/file_system.h"
#include "broker/verify/report.h"
#include "common/base/clock.h"

namespace hailstorm::verify {

/// Checks a broker's data folder that no broker uses, and changes nothing in it. `on_partition`
/// gets each partition as soon as it is checked. Those that topics.json names are checked; where
/// topics.json cannot be read, every partition's folder is. Errors: io, not_found (of the folder
/// itself).
[[nodiscard]] Result<FolderReport> verify_folder(
    storage::FileSystem& files, const Clock& clock, const std::string& folder,
    const std::function<void(const PartitionReport&)>& on_partition);

}  // namespace hailstorm::verify

#pragma once

#include <filesystem>
#include <memory>

#include "services/lab/faults/injection.h"
#include "services/lab/faults/process_control.h"

namespace hailstorm::lab {

/// A file takes all room of the file system that is a process's data folder. Errors not_possible:
/// the folder is no file system of its own, so that the machine's disk would be filled, or it is
/// larger than kMostDiskBytes; bad_request.
[[nodiscard]] Result<std::unique_ptr<Fault>> make_disk_full_fault(ProcessControl& processes,
                                                                  const FaultRequest& request);
inline constexpr uint64_t kMostDiskBytes = uint64_t{4} << 30;

/// Removes what a disk_full left whose agent was killed. Fine where there is nothing.
void remove_filler(const std::filesystem::path& data);

}  // namespace hailstorm::lab

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "broker/storage/file_system.h"
#include "broker/sync_record/sync_record.h"

namespace hailstorm::storage {

/// What a power cut left of one file.
struct CutFile {
  std::string path;
  uint64_t before_bytes = 0;
  uint64_t after_bytes = 0;
  uint64_t lost_bytes = 0;  // of the first after_bytes: zero now, or as they were before
  bool is_gone = false;     // its name was lost
};

/// Does to the files what a power cut may do: each sector of 512 bytes and each name that no sync
/// had covered is kept or lost on its own, drawn from `seed`; a file's length, too. Only files
/// below `folder`, an absolute path, are touched. Gives the files that changed. REQUIRES: nobody
/// has them open. Errors of `files`.
[[nodiscard]] Result<std::vector<CutFile>> cut_power(FileSystem& files, const SyncRecord& record,
                                                     const std::string& folder, uint64_t seed);

}  // namespace hailstorm::storage

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/backup/copied_file.h"

namespace hailstorm::lab {

/// What a copy consists of, in its file BACKUP: a JSON document
/// {"format":1,"made":"2026-11-28T00:20:00.123Z","files":[{"path":…,"bytes":N,"crc32c":HEX}…]}.
/// The checksum is the CRC-32C of all its bytes.
///
/// Thread safety: a value.
struct Manifest {
  int64_t made_ms = 0;  // since 1970: the moment that the copy shows
  std::vector<CopiedFile> files;

  [[nodiscard]] uint64_t bytes() const;
};

/// Errors: cannot_copy, no_room.
[[nodiscard]] Status write_manifest(const Manifest& manifest, const std::filesystem::path& folder);

/// Compares the copy in `folder` to its list of files; gives how many there are. Errors:
/// not_a_data_folder (it is no copy), changed (names the file), cannot_copy, stopped.
[[nodiscard]] Result<size_t> check_copy(const std::filesystem::path& folder,
                                        const IsStopped& is_stopped);

}  // namespace hailstorm::lab

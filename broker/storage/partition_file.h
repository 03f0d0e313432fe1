#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broker/storage/file_system.h"
#include "common/base/uuid.h"

namespace hailstorm::storage {

/// For messages. A folder without any of these files is taken as it is.
inline constexpr std::string_view kHowToTakeAsItIs =
    "stop the broker and remove the files 'partition', 'checkpoint' and 'recovery-point' there";

/// The file `partition` in each partition's folder: the partition's name and topic, and where its
/// log starts. The segment files alone do not show the start: without the first ones they look like
/// a log that starts later.
///
/// Three lines, each with its own CRC-32C:
///   hailstorm-partition 1 NAME TOPIC_ID crc HEX
///   start OFFSET crc HEX
///   start OFFSET crc HEX
/// The larger start counts. The next one is written in the place of the smaller one. So a write
/// that is cut short leaves the start that counts, and a full disk has room for it.
///
/// Thread safety: not safe. The FileSystem must remain live while it is in use.
class PartitionFile {
 public:
  struct Owner {
    std::string name;  // the folder's: "rides-3"
    Uuid topic_id;     // zero: not known
  };

  /// The one in `folder`, or nothing where there is none. Errors: corrupt (names the file), io.
  [[nodiscard]] static Result<std::optional<PartitionFile>> read(FileSystem& files,
                                                                 const std::string& folder);
  /// A new one, which replaces what was there. Durable once it returned, as are the folder's names.
  [[nodiscard]] static Result<PartitionFile> make(FileSystem& files, const std::string& folder,
                                                  Owner owner, int64_t start);

  [[nodiscard]] const Owner& owner() const noexcept { return owner_; }
  [[nodiscard]] int64_t start() const noexcept { return std::max(starts_[0], starts_[1]); }
  /// False where one of the two lines is damaged, so that the start may have been further.
  [[nodiscard]] bool is_whole() const noexcept { return starts_[0] >= 0 && starts_[1] >= 0; }

  /// Durable once it returned. After an error this start or the old one is on the disk; the call
  /// may be repeated. REQUIRES: offset >= start().
  [[nodiscard]] Status move_start(int64_t offset);

 private:
  PartitionFile(FileSystem& files, const std::string& folder, Owner owner);

  FileSystem* files_;
  std::string path_;
  Owner owner_;
  std::array<int64_t, 2> starts_{-1, -1};  // as the lines have them; -1: damaged
};

}  // namespace hailstorm::storage

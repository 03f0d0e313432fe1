#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/storage/file_system.h"

namespace hailstorm::storage {

/// All bytes of a file. Errors: not_found, io.
[[nodiscard]] Result<std::vector<uint8_t>> read_file(FileSystem& files, const std::string& path);

/// Replaces `folder`/`name` as a whole: after a crash the old contents are there or the new, never
/// a mixture. Durable once it returned.
[[nodiscard]] Status replace_file(FileSystem& files, const std::string& folder,
                                  std::string_view name, Bytes contents);

/// Reads a file at rising positions through one buffer.
///
/// Thread safety: not safe. `file` must remain live while the window is in use.
class FileWindow {
 public:
  /// `chunk` bytes are read at once where fewer are asked for.
  FileWindow(File& file, size_t chunk) : file_(file), chunk_(chunk) {}

  /// `count` bytes from `position`, fewer only where the file ends. Valid until the next call.
  [[nodiscard]] Result<Bytes> at(uint64_t position, size_t count);

 private:
  File& file_;
  size_t chunk_;
  uint64_t start_ = 0;
  size_t filled_ = 0;
  std::vector<uint8_t> buffer_;
};

}  // namespace hailstorm::storage

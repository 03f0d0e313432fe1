#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

#include "common/base/result.h"
#include "services/lab/backup/errors.h"

namespace hailstorm::lab {

/// A file of a copy, as its list of files names it.
struct CopiedFile {
  std::string path;  // from the copy's folder
  uint64_t bytes = 0;
  uint32_t crc32c = 0;

  friend bool operator==(const CopiedFile&, const CopiedFile&) = default;
};

/// An open file. Thread safety: not safe.
class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OpenFile& operator=(OpenFile&& other) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// Copies the first `bytes` of `from`, which was opened by the name `name`, to ROOT/PATH; its
/// folder is made. It survives a power cut. Errors: cannot_copy, no_room, stopped.
[[nodiscard]] Result<CopiedFile> copy_file(const OpenFile& from, const std::string& name,
                                           uint64_t bytes, const std::filesystem::path& root,
                                           const std::string& path, const IsStopped& is_stopped);

/// Writes a file in the same way.
[[nodiscard]] Result<CopiedFile> write_file(std::string_view text,
                                            const std::filesystem::path& root,
                                            const std::string& path);

/// What ROOT/PATH is now. Errors: cannot_copy, stopped.
[[nodiscard]] Result<CopiedFile> describe_file(const std::filesystem::path& root,
                                               const std::string& path,
                                               const IsStopped& is_stopped);

}  // namespace hailstorm::lab

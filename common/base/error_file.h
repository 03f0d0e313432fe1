#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/output_file.h"
#include "common/base/result.h"

namespace hailstorm {

/// Standard error as a file of bounded size: a full file gets the name FILE.1, in the place of the
/// one that had it, and FILE begins empty. So the newest lines are in at most two files, also where
/// a process dies in the middle of that. Standard output that goes to the same file moves with it.
///
/// Thread safety: not safe. One process writes to one file.
class ErrorFile {
 public:
  /// Standard error goes to `path` from now on. Error not_usable.
  [[nodiscard]] static Result<ErrorFile> begin(const std::string& path, int64_t max_bytes);

  /// To be called before `bytes` are written to standard error. Where no new file can be made the
  /// old one goes on.
  void make_room(size_t bytes) const;

 private:
  ErrorFile(std::string path, int64_t max_bytes) : path_(std::move(path)), max_bytes_(max_bytes) {}

  std::string path_;
  int64_t max_bytes_;
};

}  // namespace hailstorm

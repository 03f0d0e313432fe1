#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace hailstorm {

enum class OutputErrc { not_usable, cannot_write };
[[nodiscard]] std::string_view name_of(OutputErrc code);

/// A file that a user named for a program's result. A regular file is replaced as a whole, so that
/// nobody reads half of it; links are followed. What else has that name (a device, a FIFO, the
/// file that standard output goes to) is written to in place.
///
/// Thread safety: a value; distinct objects may be used from distinct threads.
class OutputFile {
 public:
  /// Looks whether `path` can be written, and changes nothing. Error not_usable: it is a folder, a
  /// disk or a socket, its folder is not there, or writing is not permitted.
  [[nodiscard]] static Result<OutputFile> check(const std::string& path);

  /// Writes `text` as all that is in it. Leaves nothing else in the folder, also where it fails.
  /// Error cannot_write.
  [[nodiscard]] Status write(std::string_view text) const;

 private:
  OutputFile(std::string path, std::string target, bool in_place)
      : path_(std::move(path)), target_(std::move(target)), in_place_(in_place) {}

  std::string path_;    // as the user named it
  std::string target_;  // with its links followed
  bool in_place_;
};

}  // namespace hailstorm

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "common/base/result.h"

namespace hailstorm::city {

struct InputOptions {
  std::string copy_to{};  // a new file that gets all that is read; empty: none
  /// Called again and again while the input is read: true ends the reading. Empty: never.
  std::function<bool()> stopped{};
};

/// The bytes of a file, of a pipe or, by the name "-", of standard input, read once from the start
/// to the end.
///
/// Thread safety: not safe.
class InputFile {
 public:
  /// Errors: cannot_read, cannot_copy; both name the file.
  [[nodiscard]] static Result<std::unique_ptr<InputFile>> open(const std::string& name,
                                                               InputOptions options = {});
  /// Removes the copy unless the end was read.
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// Puts the next bytes into `buffer` and gives their number; 0: the end. Errors: cannot_read with
  /// the place, cannot_copy, stopped.
  [[nodiscard]] Result<size_t> read(std::span<char> buffer);

 private:
  InputFile(std::string name, InputOptions options, int fd);
  [[nodiscard]] Status make_copy();
  [[nodiscard]] Status await_bytes() const;
  [[nodiscard]] Status write_copy(std::span<const char> bytes) const;
  [[nodiscard]] Error copy_error() const;
  [[nodiscard]] Error read_error() const;

  const std::string name_;
  const InputOptions options_;
  const int fd_;
  int copy_fd_ = -1;
  int64_t read_bytes_ = 0;
  bool at_end_ = false;
};

}  // namespace hailstorm::city

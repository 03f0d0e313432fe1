#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"

namespace hailstorm::cli {

/// Reads standard input line by line, in bounded memory. A failed read is an error, never the end.
///
/// Thread safety: not safe.
class LineReader {
 public:
  explicit LineReader(size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}

  /// Error: standard input is closed, or open for writing only. Call it before anything else is
  /// opened, which would take the place of an input that is closed.
  [[nodiscard]] static Status check_open();

  /// True: `line` is the next one, without its line end. False: all were read. Errors: a line of
  /// more than the bytes allowed; a failed read.
  [[nodiscard]] Result<bool> next(std::string& line);

  /// Of the last next(), from 1 on.
  [[nodiscard]] int64_t line_number() const { return line_number_; }

 private:
  /// False: there is no more.
  [[nodiscard]] Result<bool> fill();

  const size_t max_line_bytes_;
  int64_t line_number_ = 0;
  std::string buffer_;
  size_t at_ = 0;  // of the next byte in buffer_
};

}  // namespace hailstorm::cli

#pragma once

#include <cstdint>
#include <string>

namespace hailstorm::cli {

/// One line on standard error that tells how far a command is: on a terminal drawn over itself five
/// times a second, else a new line each second.
///
/// Thread safety: not safe.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// It is time for the next show().
  [[nodiscard]] bool is_due() const;
  void show(const std::string& text);
  /// Takes the line off the terminal, so that something else can be printed.
  void clear();

 private:
  bool is_terminal_;
  bool is_shown_ = false;
  int64_t next_us_;
};

/// Microseconds of a clock that never jumps.
[[nodiscard]] int64_t steady_us();

}  // namespace hailstorm::cli

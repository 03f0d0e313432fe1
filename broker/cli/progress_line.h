#pragma once

#include <cstdint>
#include <string>

namespace hailstorm::cli {

/// One line on standard error that shows how far a command is: on a terminal it is redrawn in place
/// five times a second, elsewhere it is a new line each second.
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

}  // namespace hailstorm::cli

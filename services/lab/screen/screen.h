#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hailstorm::lab {

/// Standard output: lines that stay, and on a terminal a block below them that changes.
///
/// Thread safety: not safe.
class Screen {
 public:
  Screen();
  ~Screen();  // takes the live block away
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  [[nodiscard]] bool is_terminal() const { return terminal_; }
  void say(const std::string& text);
  void say(const std::vector<std::string>& lines);
  /// Replaces the live block. REQUIRES: is_terminal().
  void show(const std::vector<std::string>& lines);
  /// A progress line, when the last one was long enough ago (plain output only).
  void progress(const std::string& line, int64_t now_ms);

 private:
  void clear_live();

  const bool terminal_;
  size_t live_lines_ = 0;
  int64_t next_progress_ms_ = 0;
};

}  // namespace hailstorm::lab

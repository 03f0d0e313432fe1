#pragma once

#include <cstdint>
#include <mutex>
#include <ostream>
#include <string>

#include "common/base/clock.h"

namespace hailstorm::lab {

/// Says what happens while it happens: lines, and on a terminal one line below them that changes.
///
/// Thread safety: safe.
class Narrator {
 public:
  /// Both must remain live while this is in use.
  Narrator(std::ostream& out, bool is_terminal, const Clock& clock)
      : out_(out), is_terminal_(is_terminal), clock_(clock) {}

  void say(const std::string& line);
  /// From now on time counts, for say_at().
  void begin();
  /// The line, with the time before it.
  void say_at(const std::string& line);
  /// The line that changes; nothing where there is no terminal.
  void show(const std::string& line);

 private:
  void write(const std::string& line);

  std::ostream& out_;
  const bool is_terminal_;
  const Clock& clock_;
  std::mutex mutex_;  // protects all below
  int64_t began_ms_ = 0;
  bool is_live_ = false;
};

}  // namespace hailstorm::lab

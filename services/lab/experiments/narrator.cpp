#include "services/lab/experiments/narrator.h"

#include <fmt/format.h>

#include "common/base/text.h"

namespace hailstorm::lab {

void Narrator::write(const std::string& line) {
  if (is_live_) out_ << "\r\x1b[K";
  is_live_ = false;
  out_ << printable(line) << std::endl;
}

void Narrator::say(const std::string& line) {
  const std::lock_guard lock(mutex_);
  write(line);
}

void Narrator::begin() {
  const std::lock_guard lock(mutex_);
  began_ms_ = clock_.steady_ms();
}

void Narrator::say_at(const std::string& line) {
  const std::lock_guard lock(mutex_);
  write(fmt::format("  {:6.1f} s  {}", static_cast<double>(clock_.steady_ms() - began_ms_) / 1e3,
                    line));
}

void Narrator::show(const std::string& line) {
  if (!is_terminal_) return;
  const std::lock_guard lock(mutex_);
  out_ << "\r\x1b[K" << printable(line) << std::flush;
  is_live_ = true;
}

}  // namespace hailstorm::lab

#include "broker/cli/progress_line.h"

#include <iostream>
#include <unistd.h>

#include "common/base/clock.h"

namespace hailstorm::cli {
namespace {

constexpr int64_t kRedrawUs = 200'000;
constexpr int64_t kLineUs = 1'000'000;
constexpr const char* kStartOver = "\r\x1b[K";

}  // namespace

ProgressLine::ProgressLine()
    : is_terminal_(::isatty(STDERR_FILENO) == 1),
      next_us_(steady_us() + (is_terminal_ ? kRedrawUs : kLineUs)) {}

bool ProgressLine::is_due() const { return steady_us() >= next_us_; }

void ProgressLine::show(const std::string& text) {
  next_us_ = steady_us() + (is_terminal_ ? kRedrawUs : kLineUs);
  if (is_terminal_) {
    std::cerr << kStartOver << text << std::flush;
    is_shown_ = true;
  } else {
    std::cerr << text << std::endl;
  }
}

void ProgressLine::clear() {
  if (is_shown_) std::cerr << kStartOver << std::flush;
  is_shown_ = false;
}

}  // namespace hailstorm::cli

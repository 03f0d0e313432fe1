#include "services/lab/screen/screen.h"

#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

#include "common/base/text.h"

namespace hailstorm::lab {
namespace {

constexpr int64_t kProgressEveryMs = 2'000;

}  // namespace

Screen::Screen() : terminal_(::isatty(STDOUT_FILENO) == 1) {}
Screen::~Screen() { clear_live(); }

void Screen::clear_live() {
  if (live_lines_ == 0) return;
  std::fputs(fmt::format("\x1b[{}A\x1b[J", live_lines_).c_str(), stdout);
  live_lines_ = 0;
  std::fflush(stdout);
}

void Screen::say(const std::string& text) {
  clear_live();
  // Not fmt::print(), which throws where nothing can be written; run_main() says so at the end.
  std::fputs((printable_lines(text) + "\n").c_str(), stdout);
  std::fflush(stdout);
}

void Screen::say(const std::vector<std::string>& lines) {
  for (const auto& line : lines) say(line);
}

void Screen::show(const std::vector<std::string>& lines) {
  // One write, so that no half of the block is shown.
  std::string block = live_lines_ > 0 ? fmt::format("\x1b[{}A\x1b[J", live_lines_) : "";
  for (const auto& line : lines) block += line + "\n";
  std::fputs(block.c_str(), stdout);
  std::fflush(stdout);
  live_lines_ = lines.size();
}

void Screen::progress(const std::string& line, int64_t now_ms) {
  if (terminal_ || now_ms < next_progress_ms_) return;
  next_progress_ms_ = now_ms + kProgressEveryMs;
  say(line);
}

}  // namespace hailstorm::lab

#include "tests/kafka/twin/differences.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace hailstorm::twin {
namespace {

bool is_like(const std::string& text, const std::string& pattern) {
  return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

}  // namespace

Differences::Differences(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  for (std::string text; std::getline(in, text);) {
    if (text.empty() || text.front() == '#') continue;
    std::istringstream words(text);
    Line line;
    words >> line.api >> line.name >> line.path >> std::ws;
    std::getline(words, line.reason);
    if (line.reason.empty()) throw std::runtime_error("no reason is given: " + text);
    lines_.push_back(std::move(line));
  }
}

bool Differences::has(const std::string& api, const std::string& name, const std::string& path) {
  for (Line& line : lines_) {
    if (!is_like(api, line.api) || !is_like(name, line.name) || !is_like(path, line.path)) continue;
    line.is_used = true;
    return true;
  }
  return false;
}

std::vector<std::string> Differences::unused() const {
  std::vector<std::string> unused;
  for (const Line& line : lines_) {
    if (!line.is_used) unused.push_back(fmt::format("{} {} {}", line.api, line.name, line.path));
  }
  return unused;
}

}  // namespace hailstorm::twin

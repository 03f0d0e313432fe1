#include "services/lab/experiments/document/regex_text.h"

#include <fmt/format.h>
#include <regex>

namespace hailstorm::lab {

std::string problem_of_pattern(const std::string& pattern) {
  if (pattern.size() > kMaxPatternBytes) {
    return fmt::format("has {} bytes; a pattern may have {}", pattern.size(), kMaxPatternBytes);
  }
  try {
    const std::regex compiled(pattern);
    return {};
  } catch (const std::regex_error& error) {
    return fmt::format("is no pattern: {}", error.what());
  }
}

bool is_found(const std::string& pattern, std::string_view text) {
  const std::string searched(text.substr(0, kMaxSearchedBytes));
  try {
    return std::regex_search(searched, std::regex(pattern));
  } catch (const std::regex_error&) {
    return false;
  }
}

}  // namespace hailstorm::lab

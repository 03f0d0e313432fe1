#include "tests/support/markdown_blocks.h"

#include <algorithm>
#include <sstream>

namespace hailstorm::testing {
namespace {

constexpr std::string_view kFence = "```";

/// 2 for "## Add a service"; 0: no heading.
size_t level_of(std::string_view line) {
  const size_t level = std::min(line.find_first_not_of('#'), line.size());
  return level < line.size() && line[level] == ' ' ? level : 0;
}

}  // namespace

std::vector<CodeBlock> code_blocks_under(std::string_view heading, const std::string& markdown) {
  std::vector<CodeBlock> blocks;
  std::istringstream in(markdown);
  bool is_in_section = false;
  bool is_in_block = false;
  for (std::string line; std::getline(in, line);) {
    const bool is_fence = line.starts_with(kFence);
    const size_t level = is_in_block ? 0 : level_of(line);
    if (level > 0) {
      if (is_in_section && level <= level_of(heading)) break;
      is_in_section = is_in_section || line == heading;
    } else if (is_fence) {
      is_in_block = !is_in_block;
      if (is_in_section && is_in_block) blocks.push_back({line.substr(kFence.size()), {}});
    } else if (is_in_section && is_in_block) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

}  // namespace hailstorm::testing

#include "tests/tidy/markdown.h"

#include <algorithm>
#include <cctype>

#include "tests/tidy/tree.h"

namespace hailstorm::tidy {
namespace {

std::string_view without_indentation(std::string_view line) {
  return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ') {
      anchor += '-';
    } else if (std::isalnum(byte) != 0 || c == '-' || c == '_' || byte >= 0x80) {
      anchor += static_cast<char>(std::tolower(byte));
    }
  }
  return anchor;
}

}  // namespace

bool MarkdownLines::is_code(std::string_view line) {
  if (without_indentation(line).starts_with("```")) {
    fenced_ = !fenced_;
    return true;
  }
  return fenced_ || line.starts_with("    ");
}

bool is_table_row(std::string_view line) { return without_indentation(line).starts_with("|"); }

std::vector<std::string> link_targets(std::string_view line) {
  static constexpr std::string_view kBegin = "](";
  std::vector<std::string> targets;
  for (size_t at = line.find(kBegin); at != line.npos; at = line.find(kBegin, at + 1)) {
    const auto rest = line.substr(at + kBegin.size());
    targets.emplace_back(rest.substr(0, rest.find(')')));
  }
  return targets;
}

std::set<std::string, std::less<>> heading_anchors(std::string_view document) {
  std::set<std::string, std::less<>> anchors;
  MarkdownLines markdown;
  for (const auto line : lines_of(document)) {
    if (markdown.is_code(line) || !line.starts_with('#')) continue;
    const size_t text = line.find_first_not_of('#');
    if (text != line.npos && line[text] == ' ') anchors.insert(anchor_of(line.substr(text + 1)));
  }
  return anchors;
}

}  // namespace hailstorm::tidy

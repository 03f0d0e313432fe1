#include "tests/docs/code_blocks.h"

#include <algorithm>
#include <sstream>

namespace hailstorm::docs {
namespace {

constexpr std::string_view kIndent = "    ";
constexpr std::string_view kPrompt = "$ ";

bool goes_on(const std::string& command) {
  return command.ends_with('|') || command.ends_with('\\');
}

/// Knows, line by line, whether a line is code.
class BlockReader {
 public:
  /// REQUIRES: it was called for each line before.
  bool is_code(const std::string& line) {
    if (line.starts_with("```")) {
      fenced_ = !fenced_;
      return false;
    }
    return fenced_ || line.starts_with(kIndent);
  }
  [[nodiscard]] std::string text_of(const std::string& line) const {
    return fenced_ ? line : line.substr(kIndent.size());
  }

 private:
  bool fenced_ = false;
};

}  // namespace

std::vector<CodeLine> code_lines(const std::string& document, std::string_view text) {
  std::vector<CodeLine> code;
  BlockReader blocks;
  std::istringstream lines{std::string(text)};
  size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (blocks.is_code(line)) code.push_back({document, number, blocks.text_of(line)});
  }
  return code;
}

std::vector<CodeLine> inline_code(const std::string& document, std::string_view text) {
  std::vector<CodeLine> code;
  BlockReader blocks;
  std::istringstream lines{std::string(text)};
  size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (blocks.is_code(line)) continue;
    for (size_t at = line.find('`'); at != line.npos;) {
      const size_t end = line.find('`', at + 1);
      if (end == line.npos) break;  // it goes on in the next line
      code.push_back({document, number, line.substr(at + 1, end - at - 1)});
      at = line.find('`', end + 1);
    }
  }
  return code;
}

std::vector<Example> examples_below(std::string_view text, std::string_view heading) {
  std::vector<Example> examples;
  BlockReader blocks;
  std::istringstream lines{std::string(text)};
  const std::string head = "## " + std::string(heading);
  bool here = false;
  bool in_command = false;
  size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const bool is_code = blocks.is_code(line);
    if (line.starts_with("## ")) here = line == head;
    if (!here || !is_code) continue;
    const std::string code = blocks.text_of(line);
    if (in_command) {
      examples.back().command += "\n" + code;
    } else if (code.starts_with(kPrompt)) {
      examples.push_back({number, code.substr(kPrompt.size()), ""});
    } else if (!examples.empty()) {
      examples.back().output += code + "\n";
      continue;
    }
    in_command = !examples.empty() && goes_on(code);
  }
  return examples;
}

}  // namespace hailstorm::docs

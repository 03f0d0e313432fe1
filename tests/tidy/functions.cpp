#include "tests/tidy/functions.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/tidy/source_text.h"
#include "tests/tidy/tree.h"

namespace hailstorm::tidy {
namespace {

/// The code without lines of the preprocessor, whose braces need not match.
std::string without_directives(std::string code) {
  for (size_t at = 0; at < code.size();) {
    const size_t end = std::min(code.find('\n', at), code.size());
    const size_t first = std::min(code.find_first_not_of(' ', at), end);
    if (code[first] == '#')
      std::fill(code.begin() + static_cast<long>(first), code.begin() + static_cast<long>(end),
                ' ');
    at = end + 1;
  }
  return code;
}

/// Whether a brace after this text begins the body of a function.
bool begins_a_body(std::string_view head) {
  const auto words = words_of(head);
  if (words.empty() || head.find('(') == head.npos) return false;
  for (const auto* scope : {"namespace", "class", "struct", "union", "enum", "record"}) {
    if (std::ranges::find(words, scope) != words.end() && head.find(')') == head.npos) return false;
  }
  const char last = words.back().back();
  return last != '=' && last != ',' && last != '(' && last != '{';
}

size_t closing_brace(std::string_view code, size_t open) {
  int depth = 0;
  for (size_t at = open; at < code.size(); ++at) {
    if (code[at] == '{') ++depth;
    if (code[at] == '}' && --depth == 0) return at;
  }
  return code.size();
}

}  // namespace

std::vector<Function> functions_in(std::string_view text) {
  const std::string code = without_directives(split_source(text).code);
  std::vector<Function> functions;
  size_t begin = 0;  // of the text that belongs to the next brace
  for (size_t at = 0; at < code.size(); ++at) {
    if (code[at] == '{') {
      const auto head = std::string_view(code).substr(begin, at - begin);
      if (begins_a_body(head)) {
        const size_t first = code.find_first_not_of(" \n", begin);
        const size_t end = closing_brace(code, at);
        functions.push_back({line_at(code, first), line_at(code, end) - line_at(code, first) + 1,
                             fmt::format("{}", fmt::join(words_of(head), " "))});
        at = end;
      }
    }
    if (at < code.size() && std::string_view(";{}").find(code[at]) != std::string_view::npos) {
      begin = at + 1;
    }
  }
  return functions;
}

std::vector<Function> shell_functions_in(std::string_view text) {
  const auto lines = lines_of(text);
  std::vector<Function> functions;
  for (size_t at = 0; at < lines.size(); ++at) {
    const bool in_shell = lines[at].ends_with("() (");
    if (!in_shell && !lines[at].ends_with("() {")) continue;
    const size_t first = at;
    while (at < lines.size() && !lines[at].starts_with(in_shell ? ')' : '}')) ++at;
    functions.push_back({first + 1, at - first + 1, std::string(lines[first])});
  }
  return functions;
}

}  // namespace hailstorm::tidy

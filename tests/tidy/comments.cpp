#include <algorithm>
#include <fmt/format.h>

#include "tests/tidy/rules.h"

namespace hailstorm::tidy {
namespace {

constexpr size_t kColumns = 100;
constexpr size_t kSpareColumns = 50;  // so many columns left free by a break are no one's choice

/// A line that is nothing but a comment: "  /// text".
struct CommentLine {
  std::string_view mark;  // with what stands before it
  std::string_view text;
};

CommentLine comment_line(std::string_view line) {
  const size_t slashes = line.find_first_not_of(' ');
  if (slashes == line.npos || !line.substr(slashes).starts_with("//")) return {};
  const size_t text = line.find_first_not_of('/', slashes);
  if (text == line.npos || line[text] != ' ') return {};
  return {line.substr(0, text + 1), line.substr(text + 1)};
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/// Whether the next line goes on with the sentence, and its first word had room here.
bool is_broken(std::string_view line, std::string_view next) {
  const auto [mark, text] = comment_line(line);
  const auto [next_mark, next_text] = comment_line(next);
  if (text.empty() || next_text.empty() || mark != next_mark) return false;
  if (!is_lower(next_text.front()) || !(is_lower(text.back()) || text.back() == ',')) return false;
  const size_t with_next_word = line.size() + 1 + std::min(next_text.find(' '), next_text.size());
  return with_next_word + kSpareColumns <= kColumns;
}

}  // namespace

Complaints check_comments(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (!has_ending(path, {".h", ".cpp"})) continue;
    const auto lines = lines_of(text);
    for (size_t at = 0; at < lines.size(); ++at) {
      if (at + 1 < lines.size() && is_broken(lines[at], lines[at + 1])) {
        complaints.push_back(
            complaint(path, at + 1, "the comment's line is broken: fill it to column 100"));
      }
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy

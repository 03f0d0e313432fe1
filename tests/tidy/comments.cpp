#include <algorithm>
#include <fmt/format.h>
#include <regex>

#include "tests/tidy/rules.h"
#include "tests/tidy/source_text.h"

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

/// The word "who" with a verb, at the start of a sentence or of its part. After a noun it passes.
bool has_who_as_subject(std::string_view comment) {
  static const std::regex who(R"([:;.] who [a-z]+s )");
  return std::regex_search(comment.begin(), comment.end(), who);
}

}  // namespace

Complaints check_comments(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (!has_ending(path, {".h", ".cpp"})) continue;
    const auto lines = lines_of(text);
    const std::string comments = split_source(text).comments;
    const auto comment_lines = lines_of(comments);
    for (size_t at = 0; at < lines.size(); ++at) {
      if (at + 1 < lines.size() && is_broken(lines[at], lines[at + 1])) {
        complaints.push_back(
            complaint(path, at + 1, "the comment's line is broken: fill it to column 100"));
      }
      if (has_who_as_subject(comment_lines[at])) {
        complaints.push_back(complaint(
            path, at + 1, "\"who\" as a subject: name the thing, e.g. the caller, the member"));
      }
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy

#include <algorithm>
#include <fmt/format.h>

#include "tests/tidy/rules.h"

namespace hailstorm::tidy {
namespace {

constexpr size_t kColumns = 100;

/// Fixtures and fuzzing inputs are as they were found; guards quote code.
bool is_record(std::string_view path) {
  if (is_below(path, "tests/fuzz/corpus") || has_ending(path, {".guard", ".patch"})) return true;
  return path.find("/fixtures/") != path.npos &&
         has_ending(path, {".txt", ".jsonl", ".log", ".sql"});
}

size_t characters(std::string_view line) {
  return static_cast<size_t>(
      std::ranges::count_if(line, [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

std::string_view without_indentation(std::string_view line) {
  return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

/// "https://…" alone, also in a comment.
bool is_an_address(std::string_view line) {
  const auto words = words_of(line);
  return !words.empty() && words.size() <= 2 && words.back().find("://") != std::string::npos;
}

/// Knows, line by line, what of a Markdown file is a table or a code block.
class MarkdownLines {
 public:
  [[nodiscard]] bool keeps_its_width(std::string_view line) {
    const auto text = without_indentation(line);
    if (text.starts_with("```")) fenced_ = !fenced_;
    return fenced_ || text.starts_with("|") || line.starts_with("    ");
  }

 private:
  bool fenced_ = false;
};

}  // namespace

Complaints check_columns(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (is_record(path)) continue;
    MarkdownLines markdown;
    size_t number = 0;
    for (const auto line : lines_of(text)) {
      ++number;
      if (path.ends_with(".md") && markdown.keeps_its_width(line)) continue;
      if (characters(line) <= kColumns || is_an_address(line)) continue;
      complaints.push_back(complaint(path, number,
                                     fmt::format("{} columns: break the line before column {}",
                                                 characters(line), kColumns + 1)));
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy

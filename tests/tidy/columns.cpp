#include <algorithm>
#include <fmt/format.h>

#include "tests/tidy/markdown.h"
#include "tests/tidy/rules.h"

namespace hailstorm::tidy {
namespace {

constexpr size_t kColumns = 100;

/// Recordings, fixtures and fuzzing inputs are as they were found; guards quote code.
bool is_record(std::string_view path) {
  if (is_below(path, "tests/fuzz/corpus") || has_ending(path, {".guard", ".jsonl", ".patch"})) {
    return true;
  }
  return path.find("/fixtures/") != path.npos && has_ending(path, {".txt", ".log", ".sql"});
}

size_t characters(std::string_view line) {
  return static_cast<size_t>(
      std::ranges::count_if(line, [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

/// "https://…" alone, also in a comment.
bool is_an_address(std::string_view line) {
  const auto words = words_of(line);
  return !words.empty() && words.size() <= 2 && words.back().find("://") != std::string::npos;
}

}  // namespace

Complaints check_columns(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (is_record(path)) continue;
    MarkdownLines markdown;
    size_t number = 0;
    for (const auto line : lines_of(text)) {
      ++number;
      if (path.ends_with(".md") && (markdown.is_code(line) || is_table_row(line))) continue;
      if (characters(line) <= kColumns || is_an_address(line)) continue;
      complaints.push_back(complaint(path, number,
                                     fmt::format("{} columns: break the line before column {}",
                                                 characters(line), kColumns + 1)));
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy

#include <fmt/format.h>

#include "tests/tidy/banned_words.h"
#include "tests/tidy/rules.h"

namespace hailstorm::tidy {
namespace {

constexpr std::string_view kList = "tests/tidy/banned_words.txt";

/// Not what others wrote, nor what must quote the words.
bool is_ours(std::string_view path) {
  if (path == kList || has_ending(path, {".guard", ".jsonl", ".patch"})) return false;
  return !is_below(path, "tests/fuzz/corpus") &&
         (path.find("/fixtures/") == path.npos || has_ending(path, {".md", ".java", "/make"}));
}

}  // namespace

Complaints check_words(const Tree& tree) {
  const auto list = tree.find(kList);
  const auto phrases = read_banned(list == tree.end() ? "" : std::string_view(list->second));
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (!is_ours(path)) continue;
    for (const auto& found : find_banned(path, text, phrases)) {
      complaints.push_back(
          complaint(path, found.line,
                    fmt::format("\"{}\": write {}", found.phrase->phrase, found.phrase->better)));
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy

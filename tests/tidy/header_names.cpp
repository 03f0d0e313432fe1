#include <algorithm>
#include <set>

#include "tests/tidy/rules.h"
#include "tests/tidy/source_text.h"

namespace hailstorm::tidy {
namespace {

using Names = std::set<std::string, std::less<>>;

/// The identifier that ends before `end`.
std::string_view identifier_before(std::string_view text, size_t end) {
  size_t begin = end;
  while (begin > 0 && is_identifier_char(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

/// Every identifier that code, or CMake, puts before a parenthesis: functions declared, defined or
/// called.
Names functions_of(const Tree& tree) {
  Names names;
  for (const auto& [path, text] : tree) {
    if (!has_ending(path, {".h", ".cpp", "CMakeLists.txt"})) continue;
    const std::string code = split_source(text).code;
    for (size_t at = code.find('('); at != code.npos; at = code.find('(', at + 1)) {
      names.emplace(identifier_before(code, at));
    }
  }
  return names;
}

bool is_path_char(char c) { return is_identifier_char(c) || c == '/' || c == '.' || c == '-'; }

/// The runs of characters that a path may have.
std::vector<std::string_view> path_words(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t at = 0; at < text.size();) {
    const auto begin = std::find_if(text.begin() + static_cast<long>(at), text.end(), is_path_char);
    const auto end = std::find_if_not(begin, text.end(), is_path_char);
    if (begin != end) words.emplace_back(begin, end);
    at = static_cast<size_t>(end - text.begin());
  }
  return words;
}

/// Whether the tree has the file, named from the top or from any folder above it.
bool has_file(const Tree& tree, std::string_view name) {
  const std::string ending = "/" + std::string(name);
  return tree.contains(name) ||
         std::ranges::any_of(tree, [&](const auto& file) { return file.first.ends_with(ending); });
}

/// The functions and files that a line of comment names and nothing has.
std::vector<std::string> unknown_in(std::string_view line, const Tree& tree, const Names& known) {
  std::vector<std::string> unknown;
  for (size_t at = line.find("()"); at != line.npos; at = line.find("()", at + 1)) {
    const auto name = identifier_before(line, at);
    if (!name.empty() && !known.contains(name)) unknown.push_back(std::string(name) + "()");
  }
  for (auto word : path_words(line)) {
    while (word.ends_with('.')) word.remove_suffix(1);
    const bool is_file = has_ending(word, {".h", ".cpp", ".md", ".java", ".yml"});
    if (is_file && !word.starts_with('.') && !has_file(tree, word)) unknown.emplace_back(word);
  }
  return unknown;
}

}  // namespace

Complaints check_header_names(const Tree& tree) {
  const Names known = functions_of(tree);
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (!path.ends_with(".h")) continue;
    const std::string comments = split_source(text).comments;
    size_t number = 0;
    for (const auto line : lines_of(comments)) {
      ++number;
      for (const auto& name : unknown_in(line, tree, known)) {
        complaints.push_back(
            complaint(path, number, "there is no " + name + ": name what exists, or nothing"));
      }
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy

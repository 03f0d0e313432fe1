#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "tests/tidy/rules.h"
#include "tests/tidy/source_text.h"

namespace hailstorm::tidy {
namespace {

bool is_path_char(char c) { return is_identifier_char(c) || c == '/' || c == '.' || c == '-'; }

bool climbs(const std::filesystem::path& path) {
  return std::ranges::find(path, "..") != path.end();
}

/// The paths with ".." in a line. What stands before them, a variable or a call, is taken for the
/// file's own folder.
std::vector<std::string> climbing_paths(std::string_view line) {
  std::vector<std::string> paths;
  for (size_t at = line.find(".."); at != line.npos; at = line.find("..", at + 1)) {
    size_t begin = at;
    while (begin > 0 && is_path_char(line[begin - 1])) --begin;
    size_t end = at;
    while (end < line.size() && is_path_char(line[end])) ++end;
    std::string path(line.substr(begin, end - begin));
    path.erase(0, path.find_first_not_of('/'));
    if (climbs(path)) paths.push_back(path);
    at = end - 1;
  }
  return paths;
}

/// A source file knows the tree's folder only by a definition of CMake's, HAILSTORM_…, and by
/// #include; any other string with ".." is data.
bool is_of_the_tree(std::string_view path, std::string_view line) {
  if (!has_ending(path, {".h", ".cpp", ".java"})) return true;
  return line.find("HAILSTORM_") != line.npos || line.starts_with("#include");
}

/// From the folder of the file, and whether it is there.
bool leads_into_the_tree(const Tree& tree, std::string_view from, const std::string& path) {
  const auto target = (std::filesystem::path(folder_of(from)) / path).lexically_normal();
  if (climbs(target)) return false;
  std::string name = target.generic_string();
  if (name.ends_with('/')) name.pop_back();
  return name == "." || exists(tree, name);
}

bool is_read(std::string_view path) {
  return !is_below(path, "tests/fuzz/corpus") && !has_ending(path, {".guard", ".patch", ".jsonl"});
}

}  // namespace

Complaints check_paths(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (!is_read(path)) continue;
    size_t number = 0;
    for (const auto line : lines_of(text)) {
      ++number;
      if (!is_of_the_tree(path, line)) continue;
      for (const auto& climbing : climbing_paths(line)) {
        if (leads_into_the_tree(tree, path, climbing)) continue;
        complaints.push_back(complaint(
            path, number,
            fmt::format("{} is nothing in the tree: bring it in, or do without it", climbing)));
      }
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy

#include <fmt/format.h>

#include "tests/tidy/folder_map.h"
#include "tests/tidy/rules.h"
#include "tests/tidy/source_text.h"

namespace hailstorm::tidy {
namespace {

bool is_test(std::string_view path) { return is_below(path, "tests"); }

/// What is wrong with an #include of `target` in `path`; empty if nothing is.
std::string wrong_with(const Tree& tree, const FolderMap& map, std::string_view path,
                       std::string_view target) {
  if (!tree.contains(target)) {
    return fmt::format("\"{}\" is no file of the tree: name it from the top", target);
  }
  const std::string from = map.folder_with(path);
  const std::string to = map.folder_with(target);
  if (to == from) return "";
  if (is_test(path)) {
    if (!is_test(target) || to == "tests/support") return "";
    return fmt::format("{} may not use {}: move what both need to tests/support", from, to);
  }
  if (is_test(target)) return fmt::format("the product may not use tests ({})", target);
  if (reach(map.arrows, from).contains(to)) return "";
  return fmt::format(
      "the map does not let {} use {}: depend on it the other way round, or "
      "add the arrow and the CMake link",
      from, to);
}

}  // namespace

Complaints check_includes(const Tree& tree) {
  const FolderMap map = read_folder_map(tree);
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    // An example is what a user's project has: its files lie together, and need no others.
    if (!has_ending(path, {".h", ".cpp"}) || is_below(path, "examples")) continue;
    const std::string folder = map.folder_with(path);
    if (folder.empty() || (!is_test(path) && folder != folder_of(path))) {
      complaints.push_back(complaint(path, 1, "its folder has no line in the map: add one"));
      continue;
    }
    for (const auto& include : project_includes(text)) {
      const std::string wrong = wrong_with(tree, map, path, include.path);
      if (!wrong.empty()) complaints.push_back(complaint(path, include.line, wrong));
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy

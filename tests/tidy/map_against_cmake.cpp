#include <algorithm>
#include <fmt/format.h>

#include "tests/tidy/cmake_targets.h"
#include "tests/tidy/folder_map.h"
#include "tests/tidy/rules.h"

namespace hailstorm::tidy {
namespace {

void append(Complaints& to, const Complaints& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// Folders without a line, lines without a folder.
Complaints missing(const Tree& tree, const FolderMap& map, const CmakeTargets& cmake) {
  Complaints complaints;
  for (const auto& [folder, line] : cmake.lines) {
    const std::string in_map = map.folder_with(folder);
    if (in_map == folder || (is_below(folder, "tests") && !in_map.empty())) continue;
    complaints.push_back(complaint(folder + "/CMakeLists.txt", line,
                                   "the map has no line for " + folder + ": add one"));
  }
  for (const auto& [folder, line] : map.lines) {
    const bool found =
        is_below(folder, "tests") ? exists(tree, folder) : cmake.lines.contains(folder);
    if (found) continue;
    complaints.push_back(complaint(
        kMapPage, line, folder + " is no folder with a CMake target: correct or remove it"));
  }
  return complaints;
}

Complaints compare(const FolderMap& map, const CmakeTargets& cmake) {
  Complaints complaints;
  for (const auto& [folder, line] : map.lines) {
    if (!cmake.lines.contains(folder) || is_below(folder, "tests")) continue;
    const Folders said = reach(map.arrows, folder);
    const Folders linked = reach(cmake.arrows, folder);
    for (const auto& to : said) {
      if (to == folder || linked.contains(to)) continue;
      complaints.push_back(
          complaint(kMapPage, line,
                    fmt::format("{} → {} is in no CMake link: remove the arrow or add the link",
                                folder, to)));
    }
    for (const auto& to : linked) {
      if (to == folder || said.contains(to)) continue;
      complaints.push_back(
          complaint(folder + "/CMakeLists.txt", cmake.lines.at(folder),
                    fmt::format("{} links {}, which the map does not say: remove the link or add "
                                "the arrow",
                                folder, to)));
    }
  }
  return complaints;
}

/// A folder may use one inside it that uses it again: an interface opens its implementations.
Complaints circles(const FolderMap& map) {
  Arrows arrows = map.arrows;
  for (auto& [folder, targets] : arrows) {
    std::erase_if(targets, [&](const auto& target) { return is_below(target, folder); });
  }
  Complaints complaints;
  for (const auto& [folder, line] : map.lines) {
    if (!reach(arrows, folder).contains(folder)) continue;
    complaints.push_back(complaint(
        kMapPage, line, "the arrows lead from " + folder + " back to it: cut one of them"));
  }
  return complaints;
}

}  // namespace

Complaints check_folder_map(const Tree& tree) {
  const FolderMap map = read_folder_map(tree);
  const CmakeTargets cmake = read_cmake_targets(tree);
  Complaints complaints = map.complaints;
  append(complaints, cmake.complaints);
  append(complaints, missing(tree, map, cmake));
  append(complaints, compare(map, cmake));
  append(complaints, circles(map));
  return complaints;
}

}  // namespace hailstorm::tidy

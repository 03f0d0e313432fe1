#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tests/tidy/tree.h"

namespace hailstorm::tidy {

using Folders = std::set<std::string, std::less<>>;
/// Folder → the folders that it uses itself.
using Arrows = std::map<std::string, Folders, std::less<>>;

/// Every folder that can be reached from `folder` by one arrow or several.
[[nodiscard]] Folders reach(const Arrows& arrows, std::string_view folder);

/// The page that has the map of folders.
inline constexpr std::string_view kMapPage = "docs/architecture.md";

/// The section "The folders" of that page: a line "    folder   what it is   → folders that it
/// uses" each. After the arrow a folder is named by the end of its path, e.g. `wire`, `lab/agent`.
struct FolderMap {
  std::map<std::string, size_t, std::less<>> lines;  // folder → its line in the page
  Arrows arrows;
  Complaints complaints;  // names after an arrow that mean no folder, or several

  /// The deepest folder of the map that holds this file; empty if none does.
  [[nodiscard]] std::string folder_with(std::string_view path) const;
};

[[nodiscard]] FolderMap read_folder_map(const Tree& tree);

}  // namespace hailstorm::tidy

#include "tests/tidy/folder_map.h"

#include <vector>

namespace hailstorm::tidy {
namespace {

constexpr std::string_view kArrow = "→";

/// The one folder whose path is this or ends with it; empty if none or several do.
std::string meant_by(std::string_view name, const FolderMap& map) {
  const std::string ending = "/" + std::string(name);
  std::string found;
  for (const auto& [folder, line] : map.lines) {
    if (folder != name && !folder.ends_with(ending)) continue;
    if (!found.empty()) return "";
    found = folder;
  }
  return found;
}

void read_arrows(FolderMap& map, const std::string& folder, std::string_view text) {
  for (std::string name : words_of(text)) {
    if (name.ends_with(',')) name.pop_back();
    const std::string target = meant_by(name, map);
    if (!target.empty()) {
      map.arrows[folder].insert(target);
    } else {
      map.complaints.push_back(
          complaint(kMapPage, map.lines.at(folder),
                    "\"" + name + "\" is no folder of the map, or several: give more of its path"));
    }
  }
}

}  // namespace

Folders reach(const Arrows& arrows, std::string_view folder) {
  Folders found;
  std::vector<std::string> next{std::string(folder)};
  while (!next.empty()) {
    const auto from = arrows.find(next.back());
    next.pop_back();
    if (from == arrows.end()) continue;
    for (const auto& target : from->second) {
      if (found.insert(target).second) next.push_back(target);
    }
  }
  return found;
}

std::string FolderMap::folder_with(std::string_view path) const {
  std::string best;
  for (const auto& [folder, line] : lines) {
    if (is_below(path, folder) && folder.size() > best.size()) best = folder;
  }
  return best;
}

FolderMap read_folder_map(const Tree& tree) {
  FolderMap map;
  const auto page = tree.find(kMapPage);
  if (page == tree.end()) return map;
  std::vector<std::pair<std::string, std::string_view>> arrows;
  bool here = false;
  size_t number = 0;
  for (const auto line : lines_of(page->second)) {
    ++number;
    if (line.starts_with("## ")) here = line == "## The folders";
    if (!here || !line.starts_with("    ")) continue;
    const std::string folder = words_of(line).front();
    map.lines[folder] = number;
    const size_t arrow = line.find(kArrow);
    if (arrow != line.npos) arrows.emplace_back(folder, line.substr(arrow + kArrow.size()));
  }
  for (const auto& [folder, names] : arrows) read_arrows(map, folder, names);
  return map;
}

}  // namespace hailstorm::tidy

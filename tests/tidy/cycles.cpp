#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <set>

#include "tests/tidy/folder_map.h"
#include "tests/tidy/rules.h"
#include "tests/tidy/source_text.h"

namespace hailstorm::tidy {
namespace {

/// x.h and x.cpp are one unit: a/x.
std::string unit_of(std::string_view path) { return std::string(path.substr(0, path.rfind('.'))); }

Arrows arrows_between_units(const Tree& tree) {
  Arrows arrows;
  for (const auto& [path, text] : tree) {
    if (!has_ending(path, {".h", ".cpp"})) continue;
    for (const auto& include : project_includes(text)) {
      const std::string target = unit_of(include.path);
      if (target != unit_of(path)) arrows[unit_of(path)].insert(target);
    }
  }
  return arrows;
}

/// The line of the unit's first #include of another unit in the knot.
std::string where(const Tree& tree, const std::string& unit, const std::set<std::string>& knot) {
  for (const auto* ending : {".h", ".cpp"}) {
    const auto file = tree.find(unit + ending);
    if (file == tree.end()) continue;
    for (const auto& include : project_includes(file->second)) {
      const std::string target = unit_of(include.path);
      if (target != unit && knot.contains(target)) {
        return fmt::format("{}:{}", file->first, include.line);
      }
    }
  }
  return unit;
}

}  // namespace

Complaints check_cycles(const Tree& tree) {
  const Arrows arrows = arrows_between_units(tree);
  std::map<std::string, Folders> reached;
  for (const auto& [unit, targets] : arrows) reached[unit] = reach(arrows, unit);
  Complaints complaints;
  std::set<std::string> done;
  for (const auto& [unit, targets] : reached) {
    if (!targets.contains(unit) || done.contains(unit)) continue;
    std::set<std::string> knot;
    for (const auto& target : targets) {
      if (reached[target].contains(unit)) knot.insert(target);
    }
    done.insert(knot.begin(), knot.end());
    std::vector<std::string> places;
    for (const auto& member : knot) places.push_back(where(tree, member, knot));
    complaints.push_back(fmt::format(
        "{}: includes itself through others: move what they share to a header of its own. The "
        "circle: {}",
        places.front(), fmt::join(places, ", ")));
  }
  return complaints;
}

}  // namespace hailstorm::tidy

#include <array>
#include <fmt/format.h>
#include <utility>

#include "tests/tidy/folder_map.h"
#include "tests/tidy/rules.h"
#include "tests/tidy/source_text.h"

namespace hailstorm::tidy {
namespace {

/// The second is closed to the first.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kClosed = {
    {{"services", "broker"}, {"broker", "services"}, {"common", "broker"}, {"common", "services"}}};

bool is_closed(std::string_view from, std::string_view to) {
  for (const auto& [user, used] : kClosed) {
    if (is_below(from, user) && is_below(to, used)) return true;
  }
  return false;
}

}  // namespace

Complaints check_layers(const Tree& tree) {
  Complaints complaints;
  const auto refuse = [&](std::string_view path, size_t line, std::string_view from,
                          std::string_view to) {
    complaints.push_back(complaint(
        path, line,
        fmt::format("{} may never use {}: run it as a program, or move what both need to common/",
                    from, to)));
  };
  for (const auto& [path, text] : tree) {
    if (!has_ending(path, {".h", ".cpp"})) continue;
    for (const auto& include : project_includes(text)) {
      if (is_closed(path, include.path)) refuse(path, include.line, path, include.path);
    }
  }
  const FolderMap map = read_folder_map(tree);
  for (const auto& [folder, targets] : map.arrows) {
    for (const auto& target : targets) {
      if (is_closed(folder, target)) refuse(kMapPage, map.lines.at(folder), folder, target);
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>

#include "tests/tidy/markdown.h"
#include "tests/tidy/rules.h"
#include "tests/tidy/source_text.h"

namespace hailstorm::tidy {
namespace {

constexpr std::array<std::string_view, 6> kTops = {"broker/",   "common/", "docs/",
                                                   "services/", "tests/",  ".ci/"};
// The recipe of README makes it.
constexpr std::string_view kMadeByTheRecipe = "services/loyalty";

bool is_path_char(char c) { return is_identifier_char(c) || c == '/' || c == '.' || c == '-'; }

/// "NAME.guard", "TOPIC-PARTITION": any name may stand there.
bool is_placeholder(std::string_view part) {
  const auto stem = part.substr(0, part.find('.'));
  if (stem.empty() || stem == "README" || stem == "CHANGELOG") return false;
  return std::ranges::all_of(stem, [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
}

/// The path up to its first placeholder, without a dot or slash at its end.
std::string known_part(std::string_view path) {
  std::string known;
  for (const auto& part : std::filesystem::path(path)) {
    if (is_placeholder(part.string())) break;
    known += (known.empty() ? "" : "/") + part.string();
  }
  while (known.ends_with('.') || known.ends_with('/')) known.pop_back();
  return known;
}

/// The paths after a backtick that begin with a top folder.
std::vector<std::string> paths_in(std::string_view line) {
  std::vector<std::string> paths;
  for (size_t at = line.find('`'); at != line.npos; at = line.find('`', at + 1)) {
    const auto rest = line.substr(at + 1);
    const auto* end = std::ranges::find_if_not(rest, is_path_char);
    const auto path = rest.substr(0, static_cast<size_t>(end - rest.begin()));
    const auto begins = [&](std::string_view top) { return path.starts_with(top); };
    if (std::ranges::any_of(kTops, begins)) paths.push_back(known_part(path));
  }
  return paths;
}

/// What a link leads to is missing: the empty text if it is there.
std::string broken(const Tree& tree, std::string_view document, const std::string& target) {
  if (target.find("://") != target.npos) return "";
  const std::string file = target.substr(0, target.find('#'));
  const std::string path =
      file.empty()
          ? std::string(document)
          : (std::filesystem::path(folder_of(document)) / file).lexically_normal().string();
  if (!exists(tree, path.ends_with('/') ? path.substr(0, path.size() - 1) : path)) return path;
  if (target.find('#') == target.npos) return "";
  const std::string heading = target.substr(target.find('#') + 1);
  const auto found = tree.find(path);
  if (found != tree.end() && heading_anchors(found->second).contains(heading)) return "";
  return "heading #" + heading + " in " + path;
}

}  // namespace

Complaints check_document_paths(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (!path.ends_with(".md")) continue;
    MarkdownLines markdown;
    size_t number = 0;
    for (const auto line : lines_of(text)) {
      ++number;
      if (markdown.is_code(line)) continue;
      const auto complain = [&, &path = path](const std::string& what) {
        complaints.push_back(
            complaint(path, number, fmt::format("there is no {}: name what exists", what)));
      };
      for (const auto& target : link_targets(line)) {
        const std::string missing = broken(tree, path, target);
        if (!missing.empty()) complain(missing);
      }
      for (const auto& named : paths_in(line)) {
        if (!is_below(named, kMadeByTheRecipe) && !exists(tree, named)) complain(named);
      }
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy

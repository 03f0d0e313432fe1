#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>

#include "tests/tidy/banned_words.h"
#include "tests/tidy/folder_map.h"
#include "tests/tidy/rules.h"

namespace hailstorm::tidy {
namespace {

constexpr std::string_view kList = "tests/tidy/banned_words.txt";
constexpr std::string_view kAllowance = "tests/tidy/allowance.txt";
constexpr size_t kShown = 10;  // places a folder

struct Granted {
  size_t count = 0;
  size_t line = 1;  // in the allowance
};

std::string_view text_of(const Tree& tree, std::string_view path) {
  const auto file = tree.find(path);
  return file == tree.end() ? "" : std::string_view(file->second);
}

std::map<std::string, Granted> read_allowance(std::string_view text) {
  std::map<std::string, Granted> granted;
  size_t number = 0;
  for (const auto line : lines_of(text)) {
    ++number;
    const auto words = words_of(line);
    if (words.size() != 2 || line.starts_with('#')) continue;
    size_t count = 0;
    std::from_chars(words[1].data(), words[1].data() + words[1].size(), count);
    granted[words[0]] = {count, number};
  }
  return granted;
}

/// A folder of the map, else the top folder, else "." for a file at the top.
std::string counted_in(const FolderMap& map, std::string_view path) {
  const std::string folder = map.folder_with(path);
  if (!folder.empty()) return folder;
  return path.find('/') == path.npos ? "." : std::string(path.substr(0, path.find('/')));
}

/// Not what others wrote, nor what must quote the words.
bool is_ours(std::string_view path) {
  if (path == kList || path.ends_with(".guard") || path.ends_with(".patch")) return false;
  return !is_below(path, "tests/fuzz/corpus") &&
         (path.find("/fixtures/") == path.npos || has_ending(path, {".md", ".java", "/make"}));
}

Complaints too_many(const std::string& folder, const Granted& granted, const Complaints& places) {
  Complaints complaints = {complaint(
      kAllowance, granted.line,
      fmt::format("{} has {} banned words, {} are granted: write better ones, here are some",
                  folder, places.size(), granted.count))};
  complaints.insert(complaints.end(), places.begin(),
                    places.begin() + static_cast<long>(std::min(places.size(), kShown)));
  return complaints;
}

}  // namespace

Complaints check_words(const Tree& tree) {
  const FolderMap map = read_folder_map(tree);
  const auto phrases = read_banned(text_of(tree, kList));
  const auto allowance = read_allowance(text_of(tree, kAllowance));
  std::map<std::string, Complaints> places;
  for (const auto& [folder, granted] : allowance) places[folder];
  for (const auto& [path, text] : tree) {
    if (!is_ours(path)) continue;
    for (const auto& found : find_banned(path, text, phrases)) {
      places[counted_in(map, path)].push_back(
          complaint(path, found.line,
                    fmt::format("\"{}\": write {}", found.phrase->phrase, found.phrase->better)));
    }
  }
  Complaints complaints;
  for (const auto& [folder, found] : places) {
    const auto at = allowance.find(folder);
    const Granted granted = at == allowance.end() ? Granted() : at->second;
    if (found.size() > granted.count) {
      const auto more = too_many(folder, granted, found);
      complaints.insert(complaints.end(), more.begin(), more.end());
    } else if (found.size() < granted.count) {
      complaints.push_back(complaint(kAllowance, granted.line,
                                     fmt::format("{} has only {}: lower the number to {}", folder,
                                                 found.size(), found.size())));
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy

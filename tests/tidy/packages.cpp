#include <fmt/format.h>

#include "tests/tidy/rules.h"

namespace hailstorm::tidy {
namespace {

constexpr std::string_view kReadme = "README.md";
constexpr std::string_view kSection = "## Dependencies";

using Names = std::map<std::string, size_t, std::less<>>;  // package → line

Names packages_of(const Tree& tree, std::string_view list) {
  Names names;
  const auto file = tree.find(list);
  if (file == tree.end()) return names;
  size_t number = 0;
  for (const auto line : lines_of(file->second)) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    names.emplace(line.substr(0, line.find(' ')), number);  // a file of the package may follow
  }
  return names;
}

/// The words of the first column of the section's table.
Names packages_in_readme(const Tree& tree) {
  Names names;
  const auto readme = tree.find(kReadme);
  if (readme == tree.end()) return names;
  bool here = false;
  size_t number = 0;
  for (const auto line : lines_of(readme->second)) {
    ++number;
    if (line.starts_with("## ")) here = line == kSection;
    if (!here || !line.starts_with("| ") || line.starts_with("| package")) continue;
    for (std::string name : words_of(line.substr(2, line.find('|', 2) - 2))) {
      if (name.ends_with(',')) name.pop_back();
      names.emplace(name, number);
    }
  }
  return names;
}

}  // namespace

Complaints check_packages(const Tree& tree) {
  const Names explained = packages_in_readme(tree);
  Complaints complaints;
  Names installed;
  for (const auto* list : {".ci/packages", ".ci/test-packages"}) {
    for (const auto& [name, line] : packages_of(tree, list)) {
      installed.emplace(name, line);
      if (explained.contains(name)) continue;
      complaints.push_back(complaint(
          list, line, fmt::format("README's table does not say why {} is needed: add it", name)));
    }
  }
  for (const auto& [name, line] : explained) {
    if (installed.contains(name)) continue;
    complaints.push_back(complaint(
        kReadme, line, fmt::format("{} is in no list of packages: remove it or add it", name)));
  }
  return complaints;
}

}  // namespace hailstorm::tidy

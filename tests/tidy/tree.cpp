#include "tests/tidy/tree.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>

#include "tests/support/run_program.h"

namespace hailstorm::tidy {
namespace {

namespace fs = std::filesystem;

/// The bytes of one character after the first; -1: `first` begins none.
int bytes_after(unsigned char first) {
  if (first == 0) return -1;
  if (first < 0x80) return 0;
  if (first >= 0xc2 && first < 0xe0) return 1;
  if (first >= 0xe0 && first < 0xf0) return 2;
  if (first >= 0xf0 && first < 0xf5) return 3;
  return -1;
}

bool is_text(std::string_view bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const int more = bytes_after(static_cast<unsigned char>(bytes[at++]));
    if (more < 0) return false;
    for (int i = 0; i < more; ++i, ++at) {
      if (at == bytes.size() || (static_cast<unsigned char>(bytes[at]) & 0xc0) != 0x80) {
        return false;
      }
    }
  }
  return true;
}

/// Empty where git is absent, or does not know the folder.
std::vector<std::string> listed_by_git(const fs::path& root) {
  const auto listed = testing::run_program({"/usr/bin/git", "-C", root.string(), "ls-files", "-z",
                                            "--cached", "--others", "--exclude-standard"});
  std::vector<std::string> paths;
  std::istringstream names(listed.exit_code == 0 ? listed.out : "");
  for (std::string name; std::getline(names, name, '\0');) paths.push_back(name);
  return paths;
}

std::vector<std::string> walked(const fs::path& root) {
  std::vector<std::string> paths;
  for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator();
       ++at) {
    const std::string path = at->path().lexically_relative(root).generic_string();
    if (path == "build" || path == ".hailstorm" || path == ".git") at.disable_recursion_pending();
    if (at->is_regular_file()) paths.push_back(path);
  }
  return paths;
}

/// What others wrote is kept as they gave it.
bool is_vendored(std::string_view path) { return path.find("/vendor/") != path.npos; }

}  // namespace

std::string complaint(std::string_view path, size_t line, std::string_view what) {
  return fmt::format("{}:{}: {}", path, line, what);
}

Tree read_tree(const fs::path& root) {
  auto paths = listed_by_git(root);
  if (paths.empty()) paths = walked(root);
  Tree tree;
  for (const auto& path : paths) {
    if (!fs::is_regular_file(root / path)) continue;  // removed, but not yet from the index
    std::string text = testing::read_text(root / path);
    tree[path] = is_text(text) && !is_vendored(path) ? std::move(text) : "";
  }
  return tree;
}

std::string_view folder_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? "" : path.substr(0, slash);
}

bool is_below(std::string_view path, std::string_view folder) {
  if (!path.starts_with(folder)) return false;
  return folder.empty() || path.size() == folder.size() || path[folder.size()] == '/';
}

bool exists(const Tree& tree, std::string_view path) {
  if (path.empty() || tree.contains(path)) return true;
  const std::string folder = std::string(path) + "/";
  const auto first = tree.lower_bound(folder);
  return first != tree.end() && first->first.starts_with(folder);
}

bool has_ending(std::string_view path, const std::vector<std::string_view>& endings) {
  return std::ranges::any_of(endings, [&](auto ending) { return path.ends_with(ending); });
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  return {std::istream_iterator<std::string>(in), std::istream_iterator<std::string>()};
}

size_t line_at(std::string_view text, size_t position) {
  return 1 + static_cast<size_t>(std::ranges::count(text.substr(0, position), '\n'));
}

}  // namespace hailstorm::tidy

#include "tests/guards/guard_tree.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace hailstorm::guards {

namespace fs = std::filesystem;

std::optional<std::string> read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

Result<std::vector<GuardRecord>> read_guards(const fs::path& root) {
  std::set<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(root / "tests/guards")) {
    if (entry.path().extension() == ".guard") paths.insert(entry.path());
  }
  std::vector<GuardRecord> guards;
  std::set<std::string> names;
  for (const fs::path& path : paths) {
    auto guard = parse_guard(read_text(path).value_or(""));
    if (!guard.ok()) return std::move(guard).error().in(path.filename().string());
    guard->name = path.stem().string();
    guard->section = path.parent_path().filename().string();
    if (!names.insert(guard->name).second) {
      return Error(GuardErrc::bad_record, "two guards have the name " + guard->name);
    }
    guards.push_back(std::move(guard).value());
  }
  return guards;
}

std::vector<GuardRecord> select_guards(const std::vector<GuardRecord>& guards,
                                       const std::string& wanted) {
  std::vector<GuardRecord> selected;
  for (const GuardRecord& guard : guards) {
    const bool has_number =
        std::any_of(guard.invariants.begin(), guard.invariants.end(),
                    [&](int number) { return std::to_string(number) == wanted; });
    if (has_number || guard.name.starts_with(wanted)) selected.push_back(guard);
  }
  return selected;
}

Result<std::map<std::string, std::string>> files_without(const GuardRecord& guard,
                                                         const fs::path& root) {
  std::map<std::string, std::string> files;
  for (const Mutation& mutation : guard.mutations) {
    std::string& text = files[mutation.file];
    if (text.empty()) {
      auto found = read_text(root / mutation.file);
      if (!found) return Error(GuardErrc::no_file, "there is no file " + mutation.file);
      text = std::move(*found);
    }
    HAIL_ASSIGN_OR_RETURN(text, replace_guard(text, mutation));
  }
  return files;
}

}  // namespace hailstorm::guards

#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/guards/guard_record.h"

namespace hailstorm::guards {

/// The guards in the folders of tests/guards of the tree at `root`, ordered by section and name.
/// Fails at the first file that is no record and where two guards have one name.
Result<std::vector<GuardRecord>> read_guards(const std::filesystem::path& root);

/// Those of `guards` whose name begins with `wanted`, or whose invariants hold that number.
std::vector<GuardRecord> select_guards(const std::vector<GuardRecord>& guards,
                                       const std::string& wanted);

/// The files of the tree at `root` that change when the guard is taken away, path and new text.
/// Fails with no_file, no_match or many_matches.
Result<std::map<std::string, std::string>> files_without(const GuardRecord& guard,
                                                         const std::filesystem::path& root);

/// The text of a file, or nothing where there is none.
std::optional<std::string> read_text(const std::filesystem::path& path);

}  // namespace hailstorm::guards

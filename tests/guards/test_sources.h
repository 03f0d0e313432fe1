#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace hailstorm::guards {

/// The tests of each test program as Suite.Name, from the calls of hailstorm_test in the
/// CMakeLists.txt files in tests/ of the tree at `root` and the sources that they list.
std::map<std::string, std::set<std::string>> tests_by_program(const std::filesystem::path& root);

/// The numbers that a comment line "Invariant 1" or "Invariants 1, 2 and 3" names.
std::vector<int> invariants_in_comments(const std::string& source);

/// Every .cpp and .h file in tests/ of the tree at `root`.
std::vector<std::filesystem::path> test_files(const std::filesystem::path& root);

}  // namespace hailstorm::guards

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hailstorm::guards {

/// The invariants are numbered from 1 to this.
inline constexpr int kLastInvariant = 84;

/// What is wrong with the guards of the tree at `root`, a sentence each: a record that cannot be
/// read, a fragment that is not in its file exactly once, a test that does not exist.
std::vector<std::string> check_guards(const std::filesystem::path& root);

/// Where docs/invariants.md, the guards and the tests disagree, a sentence each.
std::vector<std::string> check_invariants(const std::filesystem::path& root);

}  // namespace hailstorm::guards

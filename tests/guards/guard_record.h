#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace hailstorm::guards {

enum class GuardErrc {
  bad_record,  ///< the record file cannot be read
  no_file,     ///< a file that the record names is not there
  no_match,    ///< the file does not hold the fragment
  many_matches
};
std::string_view name_of(GuardErrc code) noexcept;

/// A fragment of product code and what takes its place when the guard is taken away.
struct Mutation {
  std::string file;  ///< from the top folder of the tree
  std::string guard;
  std::string without;
};

/// A guard: code of the product without which an invariant breaks, and the test that notices.
///
/// Thread safety: a value.
struct GuardRecord {
  std::string name;     ///< of its file, without .guard
  std::string section;  ///< the folder of its file
  std::vector<int> invariants;
  std::string sentence;
  std::string program;  ///< a test program, e.g. storage_test
  std::string test;     ///< Suite.Name
  std::vector<Mutation> mutations;
};

/// Reads the text of a .guard file; name and section stay empty. Fails with bad_record and the
/// line at fault.
Result<GuardRecord> parse_guard(std::string_view text);

/// `text` with the guard replaced. The guard must occur exactly once. Any run of white space
/// equals any other, and none equals one beside punctuation. Fails with no_match or many_matches.
Result<std::string> replace_guard(std::string_view text, const Mutation& mutation);

}  // namespace hailstorm::guards

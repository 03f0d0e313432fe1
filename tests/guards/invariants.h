#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::guards {

/// One entry of docs/invariants.md:
///
///     ## Log
///
///     1. A sentence.
///        - Tests: `partition_test FaultTest.TheProcessMayDieAtAnyChange`, `…`
///        - Guards: `ack-before-fsync`, `…`
///
/// Both lists may be missing, and either may be words without backticks.
struct Invariant {
  int number = 0;
  std::string section;  ///< the heading in lower case: log
  bool has_tests_line = false;
  bool has_guards_line = false;
  std::vector<std::string> tests;  ///< PROGRAM SUITE.NAME
  std::vector<std::string> guards;
};

std::vector<Invariant> parse_invariants(std::string_view text);

}  // namespace hailstorm::guards

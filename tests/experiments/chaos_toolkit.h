#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/run_program.h"

namespace hailstorm::testing {

/// Chaos Toolkit from PyPI, as a foreign reader of our experiments. It is installed once, into
/// build/tools.
///
/// Thread safety: not safe.
class ChaosToolkit {
 public:
  /// Empty: it is there. Otherwise why not: no Python, no network.
  [[nodiscard]] static std::string install();

  /// Runs `chaos ARGUMENTS` for the lab at `url`, with the token of its data folder.
  [[nodiscard]] static ProgramResult run(const std::vector<std::string>& arguments,
                                         const std::string& url, const std::string& bearer);
};

}  // namespace hailstorm::testing

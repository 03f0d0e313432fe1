#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/experiments/venv.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {

/// Chaos Toolkit, as a foreign reader of our experiments and journals.
///
/// Thread safety: not safe.
class ChaosToolkit {
 public:
  /// What runs experiments.
  static ChaosToolkit runner();
  /// The same with the command `chaos report`, which loads much more.
  static ChaosToolkit reporter();

  /// Empty: it is there. Otherwise why not.
  [[nodiscard]] std::string install() const { return venv_.install(); }

  /// Runs `chaos ARGUMENTS` for the lab at `url`, with the token of its data folder.
  [[nodiscard]] ProgramResult run(const std::vector<std::string>& arguments, const std::string& url,
                                  const std::string& bearer) const;

 private:
  explicit ChaosToolkit(Venv venv) : venv_(std::move(venv)) {}

  Venv venv_;
};

}  // namespace hailstorm::testing

#include "tests/experiments/chaos_toolkit.h"

namespace hailstorm::testing {
namespace {

// The newest that run with Debian 12's Python.
constexpr const char* kRunner = "chaostoolkit==1.19.0";
constexpr const char* kReporter = "chaostoolkit-reporting==0.18.0";
constexpr int kRunWithinMs = 120'000;

}  // namespace

ChaosToolkit ChaosToolkit::runner() { return ChaosToolkit(Venv("chaostoolkit", {kRunner})); }

ChaosToolkit ChaosToolkit::reporter() {
  return ChaosToolkit(Venv("chaostoolkit-reporting", {kRunner, kReporter}));
}

ProgramResult ChaosToolkit::run(const std::vector<std::string>& arguments, const std::string& url,
                                const std::string& bearer) const {
  std::vector<std::string> command = {"/usr/bin/env",
                                      "HAIL_LAB=" + url,
                                      "HAIL_LAB_BEARER=" + bearer,
                                      venv_.program("chaos"),
                                      "--no-version-check",
                                      "--log-file",
                                      "/dev/null"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_program(command, "", kRunWithinMs);
}

}  // namespace hailstorm::testing

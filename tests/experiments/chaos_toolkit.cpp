#include "tests/experiments/chaos_toolkit.h"

namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;

// The newest that runs with Debian 12's Python.
constexpr const char* kVersion = "chaostoolkit==1.19.0";
constexpr int kInstallWithinMs = 180'000;
constexpr int kRunWithinMs = 120'000;

fs::path home() { return program_folder().parent_path().parent_path() / "tools" / "chaostoolkit"; }

}  // namespace

std::string ChaosToolkit::install() {
  if (fs::exists(home() / "installed")) return {};
  const auto python =
      run_program({"/usr/bin/env", "python3", "-m", "venv", home()}, "", kInstallWithinMs);
  if (python.exit_code != 0) return "no venv of Python 3 can be made here";
  const auto pip = run_program(
      {home() / "bin" / "pip", "install", "--quiet", "--timeout", "20", "--retries", "1", kVersion},
      "", kInstallWithinMs);
  if (pip.exit_code != 0) return "PyPI's chaostoolkit cannot be installed here";
  fs::create_directory(home() / "installed");
  return {};
}

ProgramResult ChaosToolkit::run(const std::vector<std::string>& arguments, const std::string& url,
                                const std::string& bearer) {
  std::vector<std::string> command = {"/usr/bin/env",
                                      "HAIL_LAB=" + url,
                                      "HAIL_LAB_BEARER=" + bearer,
                                      home() / "bin" / "chaos",
                                      "--no-version-check",
                                      "--log-file",
                                      "/dev/null"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_program(command, "", kRunWithinMs);
}

}  // namespace hailstorm::testing

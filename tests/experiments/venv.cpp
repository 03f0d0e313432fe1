#include "tests/experiments/venv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <utility>

#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

constexpr int kInstallWithinMs = 240'000;

}  // namespace

Venv::Venv(const std::string& name, std::vector<std::string> packages)
    : home_(program_folder().parent_path().parent_path() / "tools" / name),
      packages_(std::move(packages)) {}

std::string Venv::install() const {
  const auto installed = home_ / "packages";
  const std::string wanted = fmt::format("{}\n", fmt::join(packages_, "\n"));
  if (read_text(installed) == wanted) return {};
  const auto python =
      run_program({"/usr/bin/env", "python3", "-m", "venv", home_}, "", kInstallWithinMs);
  if (python.exit_code != 0) return "no venv of Python 3 can be made here";
  std::vector<std::string> pip = {program("pip"), "install",   "--quiet", "--timeout",
                                  "20",           "--retries", "1"};
  pip.insert(pip.end(), packages_.begin(), packages_.end());
  if (run_program(pip, "", kInstallWithinMs).exit_code != 0)
    return fmt::format("PyPI's {} cannot be installed here", fmt::join(packages_, ", "));
  std::ofstream(installed) << wanted;
  return {};
}

}  // namespace hailstorm::testing

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hailstorm::testing {

/// Packages from PyPI, foreign readers of what the lab writes, in a venv below build/tools. They
/// are installed once.
///
/// Thread safety: not safe.
class Venv {
 public:
  Venv(const std::string& name, std::vector<std::string> packages);

  /// Empty: all is there. Otherwise why not: no Python, no network.
  [[nodiscard]] std::string install() const;
  [[nodiscard]] std::filesystem::path program(const std::string& name) const {
    return home_ / "bin" / name;
  }

 private:
  std::filesystem::path home_;
  std::vector<std::string> packages_;
};

}  // namespace hailstorm::testing

#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace hailstorm::traffic {

/// The lines of a file, without their ends. Safe from any thread.
inline std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace hailstorm::traffic

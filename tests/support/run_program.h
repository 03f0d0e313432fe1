#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hailstorm::testing {

/// The folder of the programs that were built beside this test.
[[nodiscard]] std::filesystem::path program_folder();

struct ProgramResult {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// Runs a program to its end, with `input` on its standard input.
[[nodiscard]] ProgramResult run_program(const std::vector<std::string>& arguments,
                                        const std::string& input = "", int timeout_ms = 60'000);

/// What the file holds; empty where there is none.
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

}  // namespace hailstorm::testing

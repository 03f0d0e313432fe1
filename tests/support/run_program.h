#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace hailstorm::testing {

/// The folder of the programs that were built beside this test.
[[nodiscard]] std::filesystem::path program_folder();

/// Starts `arguments` (the program first) with its three streams on these files; an empty name is
/// /dev/null. The child dies with the thread that calls this.
[[nodiscard]] pid_t spawn(const std::vector<std::string>& arguments, const std::string& in,
                          const std::string& out, const std::string& err);

/// Until the child ended, or `timeout_ms` passed: it is killed then. Its exit code, or 128 + its
/// signal.
int wait_for_exit(pid_t child, int timeout_ms);

struct ProgramResult {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// Runs a program to its end, with `input` on its standard input.
[[nodiscard]] ProgramResult run_program(const std::vector<std::string>& arguments,
                                        const std::string& input = "", int timeout_ms = 20'000);

/// What the file holds; empty where there is none.
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

}  // namespace hailstorm::testing

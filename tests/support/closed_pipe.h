#pragma once

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/run_program.h"

namespace hailstorm::testing {

/// Runs a program whose standard output is a pipe that no process reads any more, as in
/// `hail … | head -1` after head has its line: once as a shell starts it, and once with SIGPIPE
/// ignored. It must end without a message, by SIGPIPE or with exit code 0.
inline void expect_quiet_end(const std::vector<std::string>& arguments,
                             const std::string& input = "") {
  // The shell writes until that fails, so the reader is gone when the program starts.
  static const std::string kScript = R"(
    exec 4> >(:)
    trap '' PIPE
    while printf . >&4; do :; done 2>/dev/null
    if [ "$1" = by_signal ]; then trap - PIPE; fi
    shift
    "$@" >&4
    echo $?)";
  for (const bool by_signal : {true, false}) {
    std::vector<std::string> all{"/bin/bash", "-c", kScript, "bash",
                                 by_signal ? "by_signal" : "by_error"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto result = run_program(all, input);
    std::string command;
    for (const auto& argument : arguments) command += argument + ' ';
    EXPECT_EQ(result.err, "") << command;
    const bool is_quiet = result.out == "0\n" || (by_signal && result.out == "141\n");
    EXPECT_TRUE(is_quiet) << command << "ends with exit code " << result.out;
  }
}

}  // namespace hailstorm::testing

#pragma once

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/broker_process.h"

namespace hailstorm::cli {

inline testing::ProgramResult run_hail(std::vector<std::string> arguments,
                                       const std::string& input = "") {
  arguments.insert(arguments.begin(), testing::program_folder() / "hail");
  return testing::run_program(arguments, input);
}

/// The real `hail` against a real broker of its own.
class HailFixture : public ::testing::Test {
 protected:
  testing::ProgramResult hail(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.push_back("--broker");
    arguments.push_back(broker_.url());
    return run_hail(std::move(arguments), input);
  }
  /// As hail(), and it must succeed: its output.
  std::string ok(std::vector<std::string> arguments, const std::string& input = "") {
    const auto result = hail(std::move(arguments), input);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }
  /// Fails as bad usage does: exit code 2, one line on standard error that holds `words`.
  void expect_refused(std::vector<std::string> arguments, const std::string& words) {
    const auto result = hail(std::move(arguments));
    EXPECT_EQ(result.exit_code, 2) << result.out;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }

  testing::BrokerProcess broker_;
};

}  // namespace hailstorm::cli

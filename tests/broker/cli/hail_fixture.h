#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/child.h"

namespace hailstorm::cli {

inline testing::ProgramResult run_hail(std::vector<std::string> arguments,
                                       const std::string& input = "") {
  arguments.insert(arguments.begin(), testing::program_folder() / "hail");
  return testing::run_program(arguments, input);
}

/// A `hail` that runs beside the test until it ends by itself or is interrupted.
class RunningHail {
 public:
  /// `out`: where it writes; empty: a file that out() reads.
  explicit RunningHail(std::vector<std::string> arguments, const std::string& out = "") {
    arguments.insert(arguments.begin(), testing::program_folder() / "hail");
    child_ =
        testing::Child(arguments, {.out = out.empty() ? std::string(folder_.path() / "out") : out,
                                   .err = folder_.path() / "err"});
  }

  [[nodiscard]] std::string out() const { return testing::read_text(folder_.path() / "out"); }
  [[nodiscard]] std::string err() const { return testing::read_text(folder_.path() / "err"); }
  /// Until its output or its standard error holds `text`; false: not in time.
  [[nodiscard]] bool says(const std::string& text) const {
    return testing::await([&] { return (out() + err()).find(text) != std::string::npos; });
  }
  /// As Ctrl-C; its exit code.
  int interrupt() {
    child_.interrupt();
    return wait();
  }
  int wait() { return child_.wait(); }
  void freeze() { child_.freeze(); }  // SIGSTOP
  void kill() { child_.kill(); }      // SIGKILL

 private:
  testing::TempFolder folder_;
  testing::Child child_;
};

/// The real `hail` against a real broker of its own.
class HailFixture : public ::testing::Test {
 protected:
  testing::ProgramResult hail(std::vector<std::string> arguments, const std::string& input = "") {
    return run_hail(at_broker(std::move(arguments)), input);
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

  [[nodiscard]] std::vector<std::string> at_broker(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--broker", broker_.url()});
    return arguments;
  }

  testing::BrokerProcess broker_;
};

}  // namespace hailstorm::cli

#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <signal.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/support/await.h"
#include "tests/support/broker_process.h"

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
    pid_ = testing::spawn(arguments, "", out.empty() ? std::string(folder_.path() / "out") : out,
                          folder_.path() / "err");
  }
  ~RunningHail() {
    if (pid_ > 0) testing::wait_for_exit(pid_, 0);
  }
  RunningHail(const RunningHail&) = delete;
  RunningHail& operator=(const RunningHail&) = delete;

  [[nodiscard]] std::string out() const { return testing::read_text(folder_.path() / "out"); }
  [[nodiscard]] std::string err() const { return testing::read_text(folder_.path() / "err"); }
  /// Until its output or its standard error holds `text`; false: not within ten seconds.
  [[nodiscard]] bool says(const std::string& text) const {
    return testing::await([&] { return (out() + err()).find(text) != std::string::npos; });
  }
  /// As Ctrl-C; its exit code.
  int interrupt() {
    ::kill(pid_, SIGINT);
    return wait();
  }
  int wait() { return testing::wait_for_exit(std::exchange(pid_, -1), 20'000); }

 private:
  testing::TempFolder folder_;
  pid_t pid_ = -1;
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

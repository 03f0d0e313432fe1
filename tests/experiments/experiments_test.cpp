#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/support/free_ports.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kPatienceMs = 120'000;

std::string shipped(const std::string& name) {
  return std::string(HAILSTORM_SOURCE_DIR) + "/docs/experiments/" + name + ".yaml";
}

/// Commands of the lab on platforms of their own. The other experiments, and longer storms, are
/// run by ./test --lab.
class ExperimentsTest : public ::testing::Test {
 protected:
  /// Puts --data and --base-port after the arguments.
  ProgramResult run_lab(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), (program_folder() / "hail-lab").string());
    arguments.insert(arguments.end(), {"--data", (folder_.path() / "data").string(), "--base-port",
                                       std::to_string(free_ports(20))});
    return run_program(arguments, "", kPatienceMs);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.path() / name; }

  TempFolder folder_;
};

TEST_F(ExperimentsTest, AFrozenPaymentIsNoticedByTheChainAlone) {
  const auto result = run_lab({"experiment", "run", shipped("act-3-payment-frozen"), "--report",
                               file("report.html"), "--journal", file("journal.json")});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("freeze payment: proven ("));
  EXPECT_THAT(result.out, HasSubstr("Verdict: passed."));
  EXPECT_THAT(read_text(file("report.html")), HasSubstr(">freeze payment</text>"));
  EXPECT_THAT(read_text(file("journal.json")), HasSubstr("\"verdict\": \"passed\""));
}

TEST_F(ExperimentsTest, AKilledBrokerLosesNothing) {
  const auto result = run_lab({"experiment", "run", shipped("act-5-broker-killed")});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST_F(ExperimentsTest, AControlThatTakesTheOrderOfCommitsAwayShowsItsDamage) {
  const auto result = run_lab({"experiment", "run", shipped("control-commit-before-effect")});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("right     rides are lost: "));
}

TEST_F(ExperimentsTest, AStormOf15SecondsLosesNothing) {
  const auto result = run_lab({"storm", "--seed", "15", "--minutes", "0.25"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST_F(ExperimentsTest, EveryShippedExperimentCanBeRun) {
  int count = 0;
  const auto folder = std::filesystem::path(shipped("x")).parent_path();
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    ++count;
    const auto result = run_program(
        {program_folder() / "hail-lab", "experiment", "check", entry.path()}, "", kPatienceMs);
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }
  EXPECT_GE(count, 12);
}

// Exit code 1 would say that rides are lost, 3 that a fault was not proven.
TEST_F(ExperimentsTest, WhatCannotBeginGivesNoVerdict) {
  const std::string nobody = "http://127.0.0.1:1";
  const auto code_of = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), (program_folder() / "hail-lab").string());
    return run_program(arguments).exit_code;
  };
  EXPECT_EQ(code_of({"storm", "--lab", nobody}), 2);
  EXPECT_EQ(code_of({"blast", "--quick", "--lab", nobody}), 2);
  const std::vector<std::string> with_no_token = {"--lab", nobody, "--token-file", file("nothing")};
  for (std::vector<std::string> command : {std::vector<std::string>{"storm"},
                                           {"blast", "--quick"},
                                           {"experiment", "run", shipped("act-1-all-is-well")},
                                           {"faults", "list"},
                                           {"dead-letters", "list"},
                                           {"passport", "ride"},
                                           {"record", file("recording")}}) {
    command.insert(command.end(), with_no_token.begin(), with_no_token.end());
    EXPECT_EQ(code_of(command), 2) << command.front();
  }
}

TEST_F(ExperimentsTest, AControlIsRefusedOnALabThatRuns) {
  const auto result = run_program({program_folder() / "hail-lab", "experiment", "run",
                                   shipped("control-inbox-off"), "--lab", "http://127.0.0.1:1"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("leave out --lab"));
}

}  // namespace
}  // namespace hailstorm::testing
